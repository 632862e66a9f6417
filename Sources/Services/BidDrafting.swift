public import Domain
import Postgres

// What an authority does with its own bid.

extension Bids {
    /// Saves one section; answers its new version. `version` is the one that was opened, 0 before the first saving:
    /// whoever saves over somebody else's change is refused, and the other's text stays.
    ///
    /// `content` carries the section; its other parts are not looked at.
    public func saveSection(_ actor: Actor, _ id: BidID, _ section: BidSection, content: BidContent, version: Int)
        async throws -> Int
    {
        try BidRules.storageProblems(content, in: section).mustBeEmpty()
        let json = PostgresJSON(try content.encoded(section))
        let title = section == .summary && !content.summary.title.isEmpty ? content.summary.title : nil
        return try await platform.write("bids.save_section", actor, on: .bid(id)) { tx, open in
            let (subject, found, current, ledger, taken) = try tx.pipeline(
                open, BidStatements.lock(id).optional, BidSectionStatements.version(id, section).one,
                BidStatements.ledger(id).many, BidStatements.titleTaken(title ?? "", besides: id).one)
            let record = try found.orNotFound("bid")
            let grant = try Self.authorise(.bidEdit, record, subject)
            try BidRules.editable(record.bid.state).enforce()
            try version.mustEqual(current, "section")
            let drafted = record.bid.draftVersion
            try Duty.check(.wrote, by: subject.person, version: drafted, ledger: ledger).enforce()
            if title != nil, taken { throw Self.titleTaken }
            tx.queue(
                current == 0
                    ? BidSectionStatements.insert(id, section, json, by: subject.person).done
                    : BidSectionStatements.update(id, section, json, by: subject.person).done)
            tx.queue(
                BidSectionStatements.touch(
                    id, by: subject.person, title: title, requested: section == .costs ? content.costs.requested : nil
                ).done)
            if !ledger.contains(Duty.Performed(person: subject.person, duty: .wrote, version: drafted)) {
                tx.queue(BidStatements.perform(.wrote, in: id, by: subject.person, version: drafted).done)
            }
            tx.queue(
                Record(subject, actor).event(
                    "bid.edit", on: .bid(id), as: grant.capacity,
                    detail: ["section": section.rawValue, "version": "\(current + 1)"]))
            return current + 1
        }
    }

    /// Hands a complete draft to the certifiers.
    public func sendForCertification(_ actor: Actor, _ id: BidID, version: Int) async throws {
        try await platform.write("bids.send_for_certification", actor, on: .bid(id)) { tx, open in
            let (subject, found, sections, ledger, indicators, years) = try tx.pipeline(
                open, BidStatements.lock(id).optional, BidSectionStatements.all(id).many, BidStatements.ledger(id).many,
                BidSectionStatements.indicators.many, BidSectionStatements.years(id).many)
            let record = try found.orNotFound("bid")
            let grant = try Self.authorise(.bidSendForCertification, record, subject)
            try version.mustEqual(record.bid.version, "bid")
            let move = try Workflow.move(BidEvent.sendForCertification, from: record.bid.state)
            try record.mustBeOpen(at: subject.now)
            let content = try sections.content()
            try content.problems(for: record.needs(indicators, years)).mustBeEmpty()
            let drafted = record.bid.draftVersion
            try Duty.check(.wrote, by: subject.person, version: drafted, ledger: ledger).enforce()
            tx.queue(BidStatements.sendForCertification(id, requested: content.costs.requested).done)
            tx.queue(BidStatements.perform(.wrote, in: id, by: subject.person, version: drafted).done)
            Self.recordMove(tx, record, move, .sendForCertification, subject, actor, grant)
        }
    }

    /// Sends the draft back to its editors, with a reason.
    public func declineCertification(_ actor: Actor, _ id: BidID, version: Int, reason: String) async throws {
        try await platform.write("bids.decline_certification", actor, on: .bid(id)) { tx, open in
            let (subject, found, ledger) = try tx.pipeline(
                open, BidStatements.lock(id).optional, BidStatements.ledger(id).many)
            let record = try found.orNotFound("bid")
            let grant = try Self.authorise(.bidDeclineCertification, record, subject)
            try version.mustEqual(record.bid.version, "bid")
            let move = try Workflow.move(BidEvent.declineCertification, from: record.bid.state)
            try Rules.reason(reason).enforce()
            try BidRules.certifier(subject.person, bid: record.bid, ledger: ledger).enforce()
            tx.queue(BidStatements.move(id, to: move.state, by: .declineCertification, because: reason).done)
            Self.recordMove(tx, record, move, .declineCertification, subject, actor, grant, reason: reason)
        }
    }

    /// Submits: certifies the text as it stands, seals it, and answers the receipt. The round must be open by the
    /// database's clock at the moment of writing.
    public func submit(
        _ actor: Actor, _ id: BidID, version: Int, declarationVersion: String, once: IdempotencyKey? = nil
    ) async throws -> Receipt {
        try await platform.write("bids.submit", actor, on: .bid(id), once: once) { tx, open in
            let (subject, found, sections, ledger, indicators, years) = try tx.pipeline(
                open, BidStatements.lock(id).optional, BidSectionStatements.all(id).many, BidStatements.ledger(id).many,
                BidSectionStatements.indicators.many, BidSectionStatements.years(id).many)
            let record = try found.orNotFound("bid")
            let grant = try Self.authorise(.bidSubmit, record, subject)
            try BidRules.declarationProblems(declarationVersion).mustBeEmpty()
            try version.mustEqual(record.bid.version, "bid")
            let move = try Workflow.move(BidEvent.submit, from: record.bid.state)
            try record.mustBeOpen(at: subject.now)
            try BidRules.certifier(subject.person, bid: record.bid, ledger: ledger).enforce()
            let content = try sections.content()
            try content.problems(for: record.needs(indicators, years)).mustBeEmpty()
            let number = record.bid.draftVersion
            let hash = digest(content.canonicalText)
            // The bid comes first: the rows of the version belong to a submission that the trigger has let pass.
            tx.queue(
                BidStatements.submit(id, by: subject.person, hash: hash, requested: content.costs.requested).done)
            tx.queue(
                BidSectionStatements.insertVersion(
                    id, number: number, PostgresJSON(try JSON.encode(content)), hash: hash,
                    statement: declarationVersion, by: subject.person
                ).done)
            tx.queue(BidSectionStatements.insertOutcomes(id, number: number, content.outcomes.outcomes).done)
            tx.queue(BidSectionStatements.insertCosts(id, number: number, content.costs.lines).done)
            tx.queue(BidStatements.perform(.certified, in: id, by: subject.person, version: number).done)
            Self.recordMove(
                tx, record, move, .submit, subject, actor, grant, after: hash,
                detail: ["number": "\(number)", "declaration": declarationVersion])
            return Receipt(
                reference: record.bid.reference, number: number, hash: Hex.text(hash), submittedAt: subject.now,
                certifiedBy: subject.name)
        }
    }

    /// Takes a submitted bid back into drafting while the round is open; what was submitted is kept.
    public func reopen(_ actor: Actor, _ id: BidID, version: Int) async throws {
        try await platform.write("bids.reopen", actor, on: .bid(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, BidStatements.lock(id).optional)
            let record = try found.orNotFound("bid")
            let grant = try Self.authorise(.bidReopen, record, subject)
            try version.mustEqual(record.bid.version, "bid")
            let move = try Workflow.move(BidEvent.reopen, from: record.bid.state)
            try record.mustBeOpen(at: subject.now)
            tx.queue(BidStatements.move(id, to: move.state, by: .reopen).done)
            Self.recordMove(tx, record, move, .reopen, subject, actor, grant)
        }
    }

    /// Withdraws the bid for good, at any time before an offer.
    public func withdraw(_ actor: Actor, _ id: BidID, version: Int, reason: String) async throws {
        try await platform.write("bids.withdraw", actor, on: .bid(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, BidStatements.lock(id).optional)
            let record = try found.orNotFound("bid")
            let grant = try Self.authorise(.bidWithdraw, record, subject)
            try version.mustEqual(record.bid.version, "bid")
            let move = try Workflow.move(BidEvent.withdraw, from: record.bid.state)
            try Rules.reason(reason).enforce()
            tx.queue(BidStatements.move(id, to: move.state, by: .withdraw, because: reason).done)
            Self.recordMove(tx, record, move, .withdraw, subject, actor, grant, reason: reason)
        }
    }
}
