public import Domain
import Postgres

/// Payments: put together by finance, released by somebody else with a count and a sum of their own, confirmed by the file
/// that comes back.
public struct Payments: Sendable {
    let platform: Platform

    /// The most claims that wait on one page.
    static let payableMax = 200
    /// The most payments of one batch.
    static let batchMax = 500

    /// Batches, newest first.
    public func list(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<PaymentBatchRow> {
        let after = try page.keys(2).map { (try Keys.instant($0[0]), try Keys.id($0[1], of: PaymentBatch.self)) }
        let (subject, rows) = try await platform.read(
            "payments.list", actor, PaymentStatements.list(after: after, limit: page.limit).many)
        _ = try Permission.authorise(.paymentBatchList, subject: subject)
        return Page(rows, page) { ["\($0.createdAt)", "\($0.batch.id)"] }
    }

    /// Claims that are approved and in no batch yet.
    public func payable(_ actor: Actor) async throws -> [PayableClaim] {
        let (subject, rows) = try await platform.read(
            "payments.payable", actor, PaymentStatements.payable(limit: Self.payableMax).many)
        _ = try Permission.authorise(.paymentBatchList, subject: subject)
        return rows
    }

    /// A batch with its payments.
    public func detail(_ actor: Actor, _ id: PaymentBatchID) async throws -> PaymentBatchDetail {
        let (subject, found, payments, ledger, history) = try await platform.read(
            "payments.detail", actor, PaymentStatements.find(id).optional, PaymentStatements.payments(in: id).many,
            MoneyStatements.ledger(of: id).many,
            HistoryStatements.of(kind: "payment_batch", id: id.rawValue, limit: History.entriesMax).many)
        let record = try found.orNotFound("payment batch")
        _ = try Permission.authorise(.paymentBatchRead, subject: subject, facts: record.facts)
        let allowed = offered(
            PaymentBatchEvent.self, from: record.batch.state, to: subject, facts: record.facts, as: \.action
        ).filter { event in
            event != .release
                || (record.row.creator != subject.person
                    && Duty.check(.releasedPayment, by: subject.person, ledger: ledger) == nil)
        }
        return PaymentBatchDetail(
            row: record.row, payments: payments.map(\.row), exportHash: record.exportHash.map(Hex.text),
            releaserName: record.releaserName, confirmerName: record.confirmerName, reason: record.reason,
            allowed: allowed, mayExport: Self.mayExport(record, subject), history: history)
    }

    /// Puts approved claims of one programme into a new batch. Its file is made at once from the sealed bank details, and
    /// its digest is kept, so that the same file can be made again and no other.
    public func assemble(
        _ actor: Actor, programme: ProgrammeID, claims: [ClaimID], once: IdempotencyKey? = nil
    ) async throws -> PaymentBatchID {
        let id = PaymentBatchID.fresh()
        // In one order for everybody, so that two who assemble do not wait for each other in a circle.
        let claims = Array(Set(claims)).sorted()
        let sealer = BankSealer(key: platform.configuration.sealingKey)
        return try await platform.write("payments.assemble", actor, on: .paymentBatch(id), once: once) { tx, open in
            let (subject, found, waiting) = try tx.pipeline(
                open, ProgrammeStatements.find(programme).optional,
                PaymentStatements.payable(limit: Self.payableMax).many)
            let record = try found.orNotFound("programme")
            let facts = Permission.Facts(
                organisation: record.organisation, department: record.organisation, programme: programme, sealed: false)
            let grant = try Permission.authorise(.paymentBatchAssemble, subject: subject, facts: facts)
            _ = try Permission.authorise(.bankUnmask, subject: subject, facts: facts)
            let move = try Workflow.move(PaymentBatchEvent.assemble, from: nil)
            let chosen = waiting.filter { claims.contains($0.claim) && $0.programme == programme }
            guard !claims.isEmpty, claims.count <= Self.batchMax else {
                throw Refusal.invalid([FieldProblem("claims", "Choose at least one claim to pay.")])
            }
            guard chosen.count == claims.count else { throw Self.notWaiting }
            tx.queue(PaymentStatements.insert(id, in: programme, by: subject.person).done)
            tx.queue(PaymentStatements.insertPayments(id, claims, by: subject.person).affecting(claims.count))
            let (made, payments) = try tx.pipeline(
                PaymentStatements.find(id).one, PaymentStatements.payments(in: id).many)
            let hash = digest(try Self.file(tx, made, payments, sealer))
            tx.queue(PaymentStatements.seal(id, hash: hash).done)
            tx.queue(
                Record(subject, actor).event(
                    "payment_batch.assemble", on: .paymentBatch(id), as: grant.capacity, to: move.state.rawValue,
                    after: hash,
                    detail: [
                        "payments": "\(claims.count)", "total": chosen.map(\.amount).total.decimal,
                    ]))
            tx.tell(
                move.transition,
                Outbox(
                    "payment_batch.assemble", on: .paymentBatch(id),
                    subject: "A batch of payments waits to be released",
                    body: "\(claims.count) payments of \(chosen.map(\.amount).total) wait for somebody to release them."
                ))
            return id
        }
    }

    /// Releases a batch: whoever does it has counted and added up for themselves, and did not put it together. Answers the
    /// digest of the file.
    public func release(
        _ actor: Actor, _ id: PaymentBatchID, version: Int, count: Int?, total: Money?, once: IdempotencyKey? = nil
    ) async throws -> String {
        try await platform.write("payments.release", actor, on: .paymentBatch(id), once: once) { tx, open in
            let (subject, found, ledger) = try tx.pipeline(
                open, PaymentStatements.lock(id).optional, MoneyStatements.ledger(of: id).many)
            let record = try found.orNotFound("payment batch")
            let grant = try Self.authorise(.paymentBatchRelease, record, subject)
            try version.mustEqual(record.batch.version, "payment batch")
            let move = try Workflow.move(PaymentBatchEvent.release, from: record.batch.state)
            try Duty.check(.releasedPayment, by: subject.person, ledger: ledger).enforce()
            if record.row.creator == subject.person {
                throw Refusal(
                    .forbidden, code: "same_person", "You put these payments together, so somebody else releases them.")
            }
            try PaymentFile.controlled(count: count, total: total, batch: record.batch).enforce()
            tx.queue(
                PaymentStatements.release(
                    id, by: subject.person, count: record.batch.count, total: record.batch.total
                ).done)
            Self.recordMove(tx, record, move, .release, subject, actor, grant, after: record.exportHash)
            return record.exportHash.map(Hex.text) ?? ""
        }
    }

    /// The file of a released batch, the same bytes as when it was put together. Each account is opened on the record.
    public func export(_ actor: Actor, _ id: PaymentBatchID) async throws -> PaymentExport {
        let sealer = BankSealer(key: platform.configuration.sealingKey)
        return try await platform.write("payments.export", actor, on: .paymentBatch(id)) { tx, open in
            let (subject, found, payments) = try tx.pipeline(
                open, PaymentStatements.find(id).optional, PaymentStatements.payments(in: id).many)
            let record = try found.orNotFound("payment batch")
            _ = try Permission.authorise(.paymentBatchRead, subject: subject, facts: record.facts)
            let grant = try Permission.authorise(.bankUnmask, subject: subject, facts: record.facts)
            guard let wanted = record.exportHash, record.batch.state == .released || record.batch.state == .paid else {
                throw Refusal(.conflict, code: "not_released", "The file is there once the batch is released.")
            }
            let csv = try Self.file(tx, record, payments, sealer)
            let hash = digest(csv)
            guard hash == wanted else {
                throw Refusal(
                    .conflict, code: "content_changed",
                    "The file would not be the one that was released. Ask the operator to look at it.")
            }
            tx.queue(
                Record(subject, actor).event(
                    "payment_batch.export", on: .paymentBatch(id), as: grant.capacity, after: hash,
                    detail: ["payments": "\(payments.count)"]))
            return PaymentExport(name: "\(record.batch.reference).csv", csv: csv, hash: Hex.text(hash))
        }
    }

    /// Records that the payments were made, by the file that says so. The same file again changes nothing, and is answered
    /// as it was the first time.
    public func confirm(
        _ actor: Actor, _ id: PaymentBatchID, version: Int, file: String, once: IdempotencyKey? = nil
    ) async throws -> PaymentConfirmation {
        let hash = digest(file)
        return try await platform.write("payments.confirm", actor, on: .paymentBatch(id), once: once) { tx, open in
            let (subject, found, known, payments) = try tx.pipeline(
                open, PaymentStatements.lock(id).optional, PaymentStatements.confirmed(by: hash).optional,
                PaymentStatements.payments(in: id).many)
            let record = try found.orNotFound("payment batch")
            let grant = try Self.authorise(.paymentBatchConfirm, record, subject)
            if record.confirmationHash == hash {
                return PaymentConfirmation(payments: record.batch.count, total: record.batch.total, wasKnown: true)
            }
            if let known { throw Self.fileOfAnother(known.batch.reference) }
            try version.mustEqual(record.batch.version, "payment batch")
            let move = try Workflow.move(PaymentBatchEvent.confirm, from: record.batch.state)
            let expected = Dictionary(payments.map { ($0.row.reference, $0.row.amount) }) { first, _ in first }
            try PaymentFile.confirmationProblems(file, expected).mustBeEmpty()
            tx.queue(PaymentStatements.confirm(id, by: subject.person, hash: hash).done)
            Self.recordMove(tx, record, move, .confirm, subject, actor, grant, after: hash)
            return PaymentConfirmation(payments: record.batch.count, total: record.batch.total, wasKnown: false)
        }
    }

    /// Cancels a batch that was not released; its claims can be put into another.
    public func cancel(_ actor: Actor, _ id: PaymentBatchID, version: Int, reason: String) async throws {
        try await platform.write("payments.cancel", actor, on: .paymentBatch(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, PaymentStatements.lock(id).optional)
            let record = try found.orNotFound("payment batch")
            let grant = try Self.authorise(.paymentBatchCancel, record, subject)
            try version.mustEqual(record.batch.version, "payment batch")
            let move = try Workflow.move(PaymentBatchEvent.cancel, from: record.batch.state)
            try Rules.reason(reason).enforce()
            tx.queue(PaymentStatements.cancel(id, because: reason).done)
            Self.recordMove(tx, record, move, .cancel, subject, actor, grant, reason: reason)
        }
    }
}

extension Payments {
    static let notWaiting = Refusal(
        .conflict, code: "not_waiting",
        "One of these claims is not waiting to be paid any more, or is of another programme. Look at the list again.")

    static func fileOfAnother(_ reference: String) -> Refusal {
        Refusal(
            .conflict, code: "file_known",
            "This file was read before, for \(reference). Nothing was changed. Send the file of this batch.")
    }

    static func authorise(_ action: Action, _ record: PaymentBatchRecord, _ subject: Subject) throws -> Grant {
        _ = try Permission.authorise(.paymentBatchRead, subject: subject, facts: record.facts)
        return try Permission.authorise(action, subject: subject, facts: record.facts)
    }

    private static func mayExport(_ record: PaymentBatchRecord, _ subject: Subject) -> Bool {
        (record.batch.state == .released || record.batch.state == .paid)
            && Permission.allows(.bankUnmask, subject: subject, facts: record.facts)
    }

    /// Opens each account, which the database records, and writes the file.
    private static func file(
        _ tx: borrowing Transaction, _ record: PaymentBatchRecord, _ payments: [PaymentRecord], _ sealer: BankSealer
    ) throws -> String {
        var accounts: [BankAccountID: BankDetails] = [:]
        for payment in payments where accounts[payment.account] == nil {
            let sealed = try tx.run(
                BankStatements.unmask(
                    payment.account, because: "Payment file of \(record.batch.reference)", about: payment.row.award
                ).one)
            accounts[payment.account] = try sealer.open(sealed, as: payment.account)
        }
        return PaymentFile.csv(
            batch: record.batch.reference,
            payments.map { payment in
                Payment(
                    reference: payment.row.reference, claimReference: payment.row.claimReference,
                    awardReference: payment.row.awardReference, bank: accounts[payment.account] ?? BankDetails(),
                    amount: payment.row.amount)
            })
    }

    private static func recordMove(
        _ tx: borrowing Transaction, _ record: PaymentBatchRecord,
        _ move: (state: PaymentBatch.State, transition: Transition), _ event: PaymentBatchEvent, _ subject: Subject,
        _ actor: Actor, _ grant: Grant, reason: String? = nil, after: [UInt8]? = nil
    ) {
        let batch = record.batch
        tx.queue(
            Record(subject, actor).event(
                "payment_batch.\(event.rawValue)", on: .paymentBatch(batch.id), as: grant.capacity,
                from: batch.state.rawValue, to: move.state.rawValue, reason: reason, after: after,
                detail: ["payments": "\(batch.count)", "total": batch.total.decimal]))
        tx.tell(
            move.transition,
            Outbox(
                "payment_batch.\(event.rawValue)", on: .paymentBatch(batch.id),
                subject: "Payments \(batch.reference) \(event.headline)",
                body: [
                    "\(batch.reference), \(batch.count) payments of \(batch.total), \(event.headline).",
                    reason.map { "Reason: \($0)" },
                ].compactMap(\.self).joined(separator: "\n\n"),
                dedupe: "payment_batch.\(event.rawValue):\(batch.id):\(batch.version)"))
    }
}

extension PaymentBatchEvent {
    /// The permission that the event needs.
    var action: Action? {
        switch self {
        case .assemble: .paymentBatchAssemble
        case .release: .paymentBatchRelease
        case .cancel: .paymentBatchCancel
        case .confirm: .paymentBatchConfirm
        }
    }

    /// As a notice says it.
    var headline: String {
        switch self {
        case .assemble: "waits to be released"
        case .release: "was released"
        case .cancel: "was cancelled"
        case .confirm: "was paid"
        }
    }
}
