import Crypto
public import Domain
import Postgres

// What an authority does with its own return.

extension Returns {
    /// Saves one section; answers its new version. `version` is the one that was opened, 0 before the first saving.
    /// The first saving begins the return, or takes it up again after it was sent back.
    public func saveSection(
        _ actor: Actor, _ id: MonitoringReturnID, _ section: ReturnSection, content: ReturnContent, version: Int
    ) async throws -> Int {
        try content.storageProblems(in: section).mustBeEmpty()
        let json = PostgresJSON(try content.encoded(section))
        return try await platform.write("returns.save_section", actor, on: .monitoringReturn(id)) { tx, open in
            let (subject, found, current, ledger) = try tx.pipeline(
                open, ReturnStatements.lock(id).optional, ReturnWritingStatements.sectionVersion(id, section).one,
                ReturnStatements.ledger(of: id).many)
            let record = try found.orNotFound("monitoring return")
            let grant = try Self.begin(tx, record, subject, actor, ledger)
            try version.mustEqual(current, "section")
            Self.put(tx, id, section, json, current: current, by: subject)
            tx.queue(
                Record(subject, actor).event(
                    "return.edit", on: .monitoringReturn(id), as: grant.capacity,
                    detail: ["section": section.rawValue, "version": "\(current + 1)"]))
            return current + 1
        }
    }

    /// The sheet of a return, made from what it must report and filled with what is there.
    public func template(_ actor: Actor, _ id: MonitoringReturnID) async throws -> (name: String, csv: String) {
        let view = try await content(actor, id)
        let sheet = ReturnSheet(reference: view.subject.reference, content: view.content, indicators: view.indicators)
        return ("\(view.subject.reference).csv", sheet.csv)
    }

    /// Reads a filled-in sheet. Without `dryRun`, and where every answer can be read, the answers take the place of
    /// the draft's: all sections or none. Each run of the checks is kept.
    public func upload(_ actor: Actor, _ id: MonitoringReturnID, file: [UInt8], dryRun: Bool) async throws
        -> ReturnUpload
    {
        let lines = Self.lines(file)
        let hash = Array(SHA256.hash(data: file))
        return try await platform.write("returns.upload", actor, on: .monitoringReturn(id)) { tx, open in
            let (subject, found, sections, indicators, rules, last, ledger) = try tx.pipeline(
                open, ReturnStatements.lock(id).optional, ReturnStatements.sections(id).many,
                ReturnStatements.indicators(id).many, ReturnStatements.rules.many, ReturnStatements.last(id).many,
                ReturnStatements.ledger(of: id).many)
            let record = try found.orNotFound("monitoring return")
            _ = try Self.authorise(.returnEdit, record, subject)
            try MonitoringReturnRules.editable(record.subject.state).enforce()
            let needs = record.needs(indicators, rules, last)
            let reading: SheetReading
            switch lines {
            case .success(let lines):
                reading = ReturnSheet.read(lines, reference: record.subject.reference, needs: needs)
            case .failure(let refusal):
                reading = SheetReading(unreadable: refusal.sentence)
            }
            let draft = try sections.content()
            let changed = try ReturnSection.allCases.filter { try draft.encoded($0) != reading.content.encoded($0) }
            let counts = ReturnContent.counts(reading.isReadable ? reading.content.findings(needs) : [])
            tx.queue(
                ReturnWritingStatements.insertCheck(
                    id, source: "upload", hash: hash, counts: PostgresJSON(try JSON.encode(counts)), by: subject.person
                ).done)
            guard reading.isReadable, !dryRun else {
                return ReturnUpload(messages: reading.messages, changes: changed.count, applied: false)
            }
            let grant = try Self.begin(tx, record, subject, actor, ledger)
            for section in changed {
                let saved = sections.first { $0.section == section }?.version ?? 0
                Self.put(
                    tx, id, section, PostgresJSON(try reading.content.encoded(section)), current: saved, by: subject)
            }
            tx.queue(
                Record(subject, actor).event(
                    "return.upload", on: .monitoringReturn(id), as: grant.capacity, after: hash,
                    detail: ["sections": changed.map(\.rawValue).joined(separator: " ")]))
            return ReturnUpload(messages: reading.messages, changes: changed.count, applied: true)
        }
    }

    /// Hands a complete draft to the certifiers. A refusal keeps the record of the checks all the same.
    public func sendForCertification(_ actor: Actor, _ id: MonitoringReturnID, version: Int) async throws {
        do {
            try await platform.write("returns.send_for_certification", actor, on: .monitoringReturn(id)) { tx, open in
                let (subject, found, sections, indicators, rules, last, ledger) = try tx.pipeline(
                    open, ReturnStatements.lock(id).optional, ReturnStatements.sections(id).many,
                    ReturnStatements.indicators(id).many, ReturnStatements.rules.many, ReturnStatements.last(id).many,
                    ReturnStatements.ledger(of: id).many)
                let record = try found.orNotFound("monitoring return")
                let grant = try Self.authorise(.returnSendForCertification, record, subject)
                try version.mustEqual(record.subject.version, "monitoring return")
                let move = try Workflow.move(MonitoringReturnEvent.sendForCertification, from: record.subject.state)
                let content = try sections.content()
                let needs = record.needs(indicators, rules, last)
                try content.problems(needs).mustBeEmpty()
                try Duty.check(.wrote, by: subject.person, version: record.subject.dutyVersion, ledger: ledger)
                    .enforce()
                tx.queue(ReturnWritingStatements.move(id, to: move.state, by: .sendForCertification).done)
                tx.queue(
                    BidStatements.perform(
                        .wrote, in: record.subject.bid, by: subject.person, version: record.subject.dutyVersion
                    ).done)
                tx.queue(
                    ReturnWritingStatements.insertCheck(
                        id, source: "page", hash: nil,
                        counts: PostgresJSON(try JSON.encode(ReturnContent.counts(content.findings(needs)))),
                        by: subject.person
                    ).done)
                Self.recordMove(tx, record, move, .sendForCertification, subject, actor, grant)
            }
        } catch let refusal as Refusal where refusal.kind == .invalid {
            try await keepCheck(actor, id)
            throw refusal
        }
    }

    /// Sends the draft back to its editors, with a reason.
    public func declineCertification(_ actor: Actor, _ id: MonitoringReturnID, version: Int, reason: String)
        async throws
    {
        try await platform.write("returns.decline_certification", actor, on: .monitoringReturn(id)) { tx, open in
            let (subject, found, ledger) = try tx.pipeline(
                open, ReturnStatements.lock(id).optional, ReturnStatements.ledger(of: id).many)
            let record = try found.orNotFound("monitoring return")
            let grant = try Self.authorise(.returnDeclineCertification, record, subject)
            try version.mustEqual(record.subject.version, "monitoring return")
            let move = try Workflow.move(MonitoringReturnEvent.declineCertification, from: record.subject.state)
            try Rules.reason(reason).enforce()
            try MonitoringReturnRules.certifier(subject.person, record.subject, ledger: ledger).enforce()
            tx.queue(ReturnWritingStatements.move(id, to: move.state, by: .declineCertification, because: reason).done)
            Self.recordMove(tx, record, move, .declineCertification, subject, actor, grant, reason: reason)
        }
    }

    /// Certifies the text as it stands and hands it to the department; answers the receipt.
    public func submit(
        _ actor: Actor, _ id: MonitoringReturnID, version: Int, declarationVersion: String, once: IdempotencyKey? = nil
    ) async throws -> Receipt {
        try await platform.write("returns.submit", actor, on: .monitoringReturn(id), once: once) { tx, open in
            let (subject, found, sections, indicators, rules, last, ledger) = try tx.pipeline(
                open, ReturnStatements.lock(id).optional, ReturnStatements.sections(id).many,
                ReturnStatements.indicators(id).many, ReturnStatements.rules.many, ReturnStatements.last(id).many,
                ReturnStatements.ledger(of: id).many)
            let record = try found.orNotFound("monitoring return")
            let about = record.subject
            let grant = try Self.authorise(.returnSubmit, record, subject)
            try MonitoringReturnRules.declarationProblems(declarationVersion).mustBeEmpty()
            try version.mustEqual(about.version, "monitoring return")
            let move = try Workflow.move(MonitoringReturnEvent.submit, from: about.state)
            try MonitoringReturnRules.periodEnded(about, today: subject.now.londonDay).enforce()
            try MonitoringReturnRules.certifier(subject.person, about, ledger: ledger).enforce()
            let content = try sections.content()
            let needs = record.needs(indicators, rules, last)
            try content.problems(needs).mustBeEmpty()
            let number = about.contentVersion + 1
            let hash = digest(content.canonicalText)
            tx.queue(ReturnWritingStatements.submit(id, by: subject.person, number: number, hash: hash).done)
            tx.queue(
                ReturnWritingStatements.insertVersion(
                    id, number: number, PostgresJSON(try JSON.encode(content)), hash: hash,
                    statement: declarationVersion,
                    by: subject.person
                ).done)
            for step in Self.figures(id, number, content, indicators, needs) { tx.queue(step) }
            tx.queue(
                BidStatements.perform(.certified, in: about.bid, by: subject.person, version: about.dutyVersion).done)
            Self.recordMove(
                tx, record, move, .submit, subject, actor, grant, after: hash,
                detail: ["number": "\(number)", "declaration": declarationVersion])
            return Receipt(
                reference: about.reference, number: number, hash: Hex.text(hash), submittedAt: subject.now,
                certifiedBy: subject.name)
        }
    }

    /// The rows of a version, beside its text.
    private static func figures(
        _ id: MonitoringReturnID, _ number: Int, _ content: ReturnContent, _ indicators: [ReturnIndicator],
        _ needs: ReturnNeeds
    ) -> [Step<Void>] {
        [
            ReturnWritingStatements.insertValues(id, number: number, content.outcomes, indicators).done,
            ReturnWritingStatements.insertFigures(id, number: number, content).done,
            ReturnWritingStatements.insertMilestones(id, number: number, content.milestones.lines).done,
            ReturnWritingStatements.insertRisks(id, number: number, content.risks.lines).done,
            ReturnWritingStatements.insertConfirmations(id, number: number, content.findings(needs)).done,
        ]
    }

    /// May write in it; the first saving moves it into progress.
    private static func begin(
        _ tx: borrowing Transaction, _ record: ReturnRecord, _ subject: Subject, _ actor: Actor,
        _ ledger: [Duty.Performed]
    ) throws -> Grant {
        let grant = try authorise(.returnEdit, record, subject)
        try MonitoringReturnRules.editable(record.subject.state).enforce()
        try Duty.check(.wrote, by: subject.person, version: record.subject.dutyVersion, ledger: ledger).enforce()
        let event: MonitoringReturnEvent? =
            switch record.subject.state {
            case .open: .begin
            case .changesRequested, .reopened: .resume
            default: nil
            }
        if let event {
            let move = try Workflow.move(event, from: record.subject.state)
            tx.queue(ReturnWritingStatements.move(record.subject.id, to: move.state, by: event).done)
            recordMove(tx, record, move, event, subject, actor, grant)
        }
        return grant
    }

    private static func put(
        _ tx: borrowing Transaction, _ id: MonitoringReturnID, _ section: ReturnSection, _ json: PostgresJSON,
        current: Int,
        by subject: Subject
    ) {
        tx.queue(
            current == 0
                ? ReturnWritingStatements.insertSection(id, section, json, by: subject.person).done
                : ReturnWritingStatements.updateSection(id, section, json, by: subject.person).done)
        tx.queue(ReturnWritingStatements.touch(id, by: subject.person).done)
    }

    /// Which rules spoke when certification was refused, in a transaction of its own: the refused one is gone.
    private func keepCheck(_ actor: Actor, _ id: MonitoringReturnID) async throws {
        try await platform.write("returns.keep_check", actor, on: .monitoringReturn(id)) { tx, open in
            let (subject, found, sections, indicators, rules, last) = try tx.pipeline(
                open, ReturnStatements.find(id).optional, ReturnStatements.sections(id).many,
                ReturnStatements.indicators(id).many, ReturnStatements.rules.many, ReturnStatements.last(id).many)
            guard let record = found else { return }
            let findings = try sections.content().findings(record.needs(indicators, rules, last))
            tx.queue(
                ReturnWritingStatements.insertCheck(
                    id, source: "page", hash: nil,
                    counts: PostgresJSON(try JSON.encode(ReturnContent.counts(findings))),
                    by: subject.person
                ).done)
        }
    }

    /// A file's rows, or why it is no table.
    private static func lines(_ file: [UInt8]) -> Result<[(row: Int, cells: [String])], Refusal> {
        func refuse(_ sentence: String) -> Result<[(row: Int, cells: [String])], Refusal> {
            .failure(Refusal(.invalid, code: "no_table", sentence))
        }
        if file.count > ReturnSheet.bytesMax {
            return refuse("The file is larger than 1 megabyte. Use the template of this return.")
        }
        // What a spreadsheet program saves by itself is a ZIP; older ones an OLE file.
        if file.starts(with: [0x50, 0x4B]) || file.starts(with: [0xD0, 0xCF]) {
            return refuse("The file is a workbook. Save it as CSV UTF-8 (comma delimited) and upload that.")
        }
        var text = DelimitedText()
        var lines: [(row: Int, cells: [String])] = []
        do {
            // Rows are counted as a spreadsheet counts them: one for each record, however many lines its text has.
            var row = 0
            func take(_ record: DelimitedText.Record) throws {
                row += 1
                if row > ReturnSheet.rowsMax {
                    throw Refusal(
                        .invalid, code: "no_table",
                        "The file has more than \(ReturnSheet.rowsMax) rows. Use the template of this return.")
                }
                lines.append((row, record.cells))
            }
            try text.take(file, take)
            try text.finish(take)
        } catch let refusal as Refusal {
            return .failure(refusal)
        } catch {
            return refuse("The file cannot be read. Save it as CSV UTF-8 and try again.")
        }
        return .success(lines)
    }
}
