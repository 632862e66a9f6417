/// An agreement as a document: headings, paragraphs, points and tables, which fronts set as they can.
public struct AgreementDocument: Hashable, Sendable {
    /// What stands at its head.
    public let title: String
    /// Its parts in order; annexes last.
    public let sections: [Section]

    /// One numbered part.
    public struct Section: Hashable, Sendable {
        /// `1`, or `Annex A`.
        public let number: String
        /// What it is about.
        public let heading: String
        /// What it says.
        public let blocks: [Block]
    }

    /// One piece of text.
    public enum Block: Hashable, Sendable {
        /// A paragraph.
        case paragraph(String)
        /// Points, one a line.
        case points([String])
        /// A table with a caption and its columns' titles.
        case table(caption: String, columns: [String], rows: [[String]])
    }

    /// The document as plain text, for a file.
    public var text: String {
        var lines = [title, ""]
        for section in sections {
            lines += ["\(section.number)  \(section.heading)", ""]
            for block in section.blocks {
                switch block {
                case .paragraph(let text): lines += [text, ""]
                case .points(let points): lines += points.map { "  - \($0)" } + [""]
                case .table(let caption, let columns, let rows):
                    lines += [caption, columns.joined(separator: " | ")] + rows.map { $0.joined(separator: " | ") }
                    lines.append("")
                }
            }
        }
        return lines.joined(separator: "\n")
    }
}

/// Who and what an agreement is about, beside its own content.
public struct AgreementParties: Hashable, Sendable {
    /// The department's name.
    public let department: String
    /// The authority's name.
    public let recipient: String
    /// `AWD-2026-0001`.
    public let reference: String
    /// The project's title.
    public let project: String
    /// The programme's title.
    public let programme: String
    /// Names of indicators by code.
    public let indicators: [String: String]
    /// Which version of the agreement it is.
    public let version: Int

    /// The parties and what they agree on.
    public init(
        department: String, recipient: String, reference: String, project: String, programme: String,
        indicators: [String: String], version: Int
    ) {
        self.department = department
        self.recipient = recipient
        self.reference = reference
        self.project = project
        self.programme = programme
        self.indicators = indicators
        self.version = version
    }
}

extension Agreement {
    /// The document that both sides sign: a determination under section 31 with its annexes, or a grant funding agreement.
    public func document(_ parties: AgreementParties) -> AgreementDocument {
        switch instrument {
        case .section31: determination(parties)
        case .fundingAgreement, nil: fundingAgreement(parties)
        }
    }

    private typealias Section = AgreementDocument.Section
    private typealias Block = AgreementDocument.Block

    // MARK: Section 31

    private func determination(_ parties: AgreementParties) -> AgreementDocument {
        let name = "\(parties.programme) (\(ringfence)) Grant Determination No \(determinationNumber)"
        let sections = [
            Section(
                number: "1", heading: "Citation",
                blocks: [
                    .paragraph("This determination may be cited as the \(name). It is version \(parties.version).")
                ]),
            Section(number: "2", heading: "Purpose of the grant", blocks: [.paragraph(purpose)]),
            Section(
                number: "3", heading: "Determination",
                blocks: [
                    .paragraph(
                        "Under section 31 of the Local Government Act 2003 the \(parties.department) determines as the authority to which grant is to be paid, and the amount of grant to be paid, the authority and the amount set out in Annex A."
                    )
                ]),
            Section(
                number: "4", heading: "Grant conditions",
                blocks: [
                    .paragraph(
                        "Under section 31(3) and 31(4) of the Act the grant is paid subject to the conditions in Annex B."
                    )
                ]),
            Section(
                number: "5", heading: "Treasury consent",
                blocks: [
                    .paragraph(
                        "The consent of the Treasury is obtained before this determination is signed, as section 31 of the Act requires."
                    )
                ]),
            Section(number: "6", heading: "Signature", blocks: signatures(parties)),
            Section(number: "Annex A", heading: "Authority and amount", blocks: [annexA(parties)] + [schedule]),
            Section(
                number: "Annex B", heading: "Grant conditions",
                blocks: presentClauses.enumerated().flatMap { index, clause in
                    [.paragraph("\(index + 1). \(clause.title)")] + blocks(clause, parties)
                } + extras),
        ]
        return AgreementDocument(title: name, sections: sections)
    }

    private func annexA(_ parties: AgreementParties) -> Block {
        .table(
            caption: "Authority to which grant is to be paid", columns: ["Authority", "Project", "Amount of grant"],
            rows: [[parties.recipient, parties.project, maximum?.description ?? ""]])
    }

    // MARK: Grant funding agreement

    private func fundingAgreement(_ parties: AgreementParties) -> AgreementDocument {
        let opening = Section(
            number: "1", heading: "Parties",
            blocks: [
                .paragraph(
                    "This agreement, \(parties.reference) version \(parties.version), is made between the \(parties.department) (the funder) and \(parties.recipient) (the recipient), for the project “\(parties.project)” of the programme “\(parties.programme)”."
                ),
                .paragraph("The grant is \(ringfence.lowercased())."),
            ])
        let clauses = presentClauses.enumerated().map { index, clause in
            Section(number: "\(index + 2)", heading: clause.title, blocks: blocks(clause, parties))
        }
        let closing = Section(
            number: "\(clauses.count + 2)", heading: "Conditions and signature", blocks: extras + signatures(parties))
        let annex = Section(number: "Annex A", heading: "Amounts and dates", blocks: [schedule])
        return AgreementDocument(
            title: "Grant funding agreement: \(parties.project)", sections: [opening] + clauses + [closing, annex])
    }

    // MARK: Parts of both

    private var presentClauses: [Clause] { Clause.allCases.filter(clauses.contains) }

    private var ringfence: String {
        switch conditionality {
        case .ringfenced: "Ringfenced"
        case .unringfenced: "Not ringfenced"
        case .agreement, nil: "Under agreement"
        }
    }

    private var schedule: Block {
        .table(
            caption: "Payments, and what each waits for",
            columns: ["Instalment", "Due", "Amount", "Paid once there is"],
            rows: instalments.enumerated().map { index, instalment in
                [
                    "\(index + 1)", instalment.dueOn?.spoken ?? "", instalment.amount?.description ?? "",
                    instalment.milestone.phrase,
                ]
            })
    }

    /// Conditions of this award alone, and what is left out on purpose.
    private var extras: [Block] {
        var blocks: [Block] = []
        if !conditions.isEmpty {
            blocks.append(
                .table(
                    caption: "Conditions of this award", columns: ["Code", "Condition", "When"],
                    rows: conditions.map { condition in
                        let kind = condition.kind == .precedent ? "Before the first payment" : "Throughout"
                        return [
                            condition.code, condition.text, condition.due.map { "\(kind), by \($0.spoken)" } ?? kind,
                        ]
                    }))
        }
        if !departures.isEmpty {
            blocks.append(
                .points(
                    departures.map { departure in
                        "Left out by decision \(departure.authority): \(departure.from?.title ?? ""). \(departure.reason)"
                    }))
        }
        return blocks
    }

    private func signatures(_ parties: AgreementParties) -> [Block] {
        [
            .paragraph(
                "Signed for \(parties.recipient) by its certifier, and for the \(parties.department) by its signatory, in this service. Each signature is recorded with its time and with the digest of this text."
            )
        ]
    }
}

extension Agreement.Departure.Subject {
    /// As pages and documents name it.
    public var title: String {
        switch self {
        case .clause(let clause): clause.title
        case .retention: "Retention until the final report"
        case .unringfenced: "Money that is not ringfenced"
        }
    }
}
