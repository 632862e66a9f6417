import Domain
import FoundationEssentials
import Services

// How the fund's views write themselves as JSON.

extension JSON {
    /// A value of Domain, by its own encoding.
    static func encoded(_ value: some Encodable) -> JSON {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return .raw((try? encoder.encode(value)).map { Array($0) } ?? Array("null".utf8))
    }

    static func problems(_ problems: [FieldProblem]) -> JSON {
        .list(problems) { .object([("field", .text($0.field)), ("sentence", .text($0.sentence))]) }
    }

    static func choice(_ person: PersonChoice) -> JSON {
        .object([("id", .of(person.id)), ("name", .text(person.name))])
    }
}

extension ProgrammeRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("title", .text(title)), ("state", .code(state)),
            ("wholeLife", .money(wholeLife)), ("rounds", .int(rounds)), ("createdAt", .of(createdAt)),
        ])
    }
}

extension ProgrammeDetail {
    var json: JSON {
        .object([
            ("id", .of(programme.id)), ("reference", .text(programme.reference)), ("state", .code(programme.state)),
            ("version", .int(programme.version)), ("organisationId", .of(programme.organisation)),
            ("authorId", .of(programme.author)), ("authorName", .text(authorName)),
            ("seniorOfficerName", .text(seniorOfficerName)), ("content", .encoded(programme.content)),
            ("problems", .problems(problems)),
            (
                "budget",
                .list(budget) {
                    .object([
                        ("year", .of($0.line.year)), ("kind", .code($0.line.kind)), ("amount", .money($0.line.amount)),
                        ("reserved", .money($0.reserved)), ("left", .money($0.left)),
                    ])
                }
            ),
            ("rounds", .list(rounds, \.json)), ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension RoundRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("title", .text(title)), ("programmeId", .of(programme)),
            ("programmeTitle", .text(programmeTitle)), ("state", .code(state)), ("opensAt", .of(opensAt)),
            ("closesAt", .of(closesAt)), ("budget", .money(budget)), ("bids", .int(bids)),
        ])
    }
}

extension RoundDetail {
    var json: JSON {
        .object([
            ("id", .of(round.id)), ("reference", .text(round.reference)), ("state", .code(round.state)),
            ("version", .int(round.version)), ("programmeId", .of(round.programme)),
            ("programmeTitle", .text(programmeTitle)), ("programmeReference", .text(programmeReference)),
            ("authorName", .text(authorName)), ("content", .encoded(round.content)), ("problems", .problems(problems)),
            ("allowed", .list(allowed) { .code($0) }),
            ("bidCounts", .list(bidCounts) { .object([("state", .code($0.state)), ("count", .int($0.count))]) }),
            ("bids", .list(bids, \.json)), ("awarded", .money(awarded)), ("isOpen", .flag(isOpen)),
        ])
    }
}

extension BidRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("title", .text(title)), ("state", .code(state)),
            ("version", .int(version)), ("requested", .money(requested)), ("organisationId", .of(organisation)),
            ("organisationName", .text(organisationName)), ("roundId", .of(round)), ("roundTitle", .text(roundTitle)),
            ("closesAt", .of(closesAt)), ("updatedAt", .of(updatedAt)),
        ])
    }
}

extension SectionView {
    var json: JSON {
        .object([
            ("bidId", .of(bid.id)), ("section", .code(section)), ("version", .int(version)),
            ("editedBy", .text(editedBy)),
            ("editedAt", .of(editedAt)), ("editable", .flag(editable)), ("content", section.json(of: content)),
            ("problems", .problems(problems)),
        ])
    }
}

extension BidSection {
    /// This section's part of a bid's content.
    func json(of content: BidContent) -> JSON {
        switch self {
        case .summary: .encoded(content.summary)
        case .need: .encoded(content.need)
        case .theoryOfChange: .encoded(content.theoryOfChange)
        case .outcomes: .encoded(content.outcomes)
        case .costs: .encoded(content.costs)
        case .evaluation: .encoded(content.evaluation)
        case .delivery: .encoded(content.delivery)
        case .dataProtection: .encoded(content.dataProtection)
        }
    }

    /// A bid's content with nothing but this section, from the JSON that was sent.
    func content(from call: Call) throws -> BidContent {
        var content = BidContent()
        switch self {
        case .summary: content.summary = try call.content(BidContent.Summary.self)
        case .need: content.need = try call.content(BidContent.Need.self)
        case .theoryOfChange: content.theoryOfChange = try call.content(BidContent.TheoryOfChange.self)
        case .outcomes: content.outcomes = try call.content(BidContent.Outcomes.self)
        case .costs: content.costs = try call.content(BidContent.Costs.self)
        case .evaluation: content.evaluation = try call.content(BidContent.Evaluation.self)
        case .delivery: content.delivery = try call.content(BidContent.Delivery.self)
        case .dataProtection: content.dataProtection = try call.content(BidContent.DataProtection.self)
        }
        return content
    }
}

extension BidContentView {
    var json: JSON {
        .object([
            ("bidId", .of(bid.id)), ("version", .int(bid.version)), ("isSubmitted", .flag(isSubmitted)),
            ("sections", .object(sections.map { ($0.rawValue, $0.json(of: content)) })),
            ("problems", .problems(problems)),
        ])
    }
}

extension SealedReading {
    var json: JSON {
        .object([
            ("bidId", .of(bid.id)), ("reference", .text(bid.reference)), ("state", .code(bid.state)),
            ("organisationName", .text(bid.organisationName)), ("roundId", .of(bid.round)),
            ("roundTitle", .text(bid.roundTitle)), ("closesAt", .of(bid.closesAt)), ("title", .text(title)),
            ("reason", .text(reason)),
            ("sections", .object(sections.map { ($0.rawValue, $0.json(of: content)) })),
        ])
    }
}

extension FindingView {
    var json: JSON {
        .object([
            ("code", .text(code)), ("sentence", .text(sentence)), ("passed", .flag(passed)),
            ("evidence", .text(evidence)),
            ("asAt", .of(asAt)), ("recordedAt", .of(recordedAt)), ("recordedBy", .text(recordedBy)),
        ])
    }
}

extension Receipt {
    var json: JSON {
        .object([
            ("reference", .text(reference)), ("number", .int(number)), ("hash", .text(hash)),
            ("submittedAt", .of(submittedAt)), ("certifiedBy", .text(certifiedBy)),
        ])
    }
}

extension AppraisalRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("bidId", .of(bid)), ("bidReference", .text(bidReference)), ("bidTitle", .text(bidTitle)),
            ("organisationName", .text(organisationName)), ("roundTitle", .text(roundTitle)),
            ("appraiserId", .of(appraiser)), ("appraiserName", .text(appraiserName)), ("kind", .code(kind)),
            ("dueOn", .of(dueOn)), ("state", .code(state)), ("version", .int(version)),
        ])
    }
}

extension AppraisalDetail {
    var json: JSON {
        .object([
            ("id", .of(appraisal.id)), ("bidId", .of(appraisal.bid)), ("bidReference", .text(bidReference)),
            ("bidTitle", .text(bidTitle)), ("organisationName", .text(organisationName)),
            ("roundTitle", .text(roundTitle)),
            ("appraiserId", .of(appraisal.appraiser)), ("appraiserName", .text(appraiserName)),
            ("kind", .code(appraisal.kind)), ("dueOn", .of(appraisal.dueOn)), ("state", .code(appraisal.state)),
            ("version", .int(appraisal.version)), ("criteria", .list(criteria) { .encoded($0) }),
            ("scores", .list(scores) { .encoded($0) }), ("scoresVisible", .flag(scoresVisible)),
            ("sections", .object(sections.map { ($0.rawValue, $0.json(of: content)) })),
            ("problems", .problems(problems)),
            ("returnReason", .text(returnReason)), ("allowed", .list(allowed) { .code($0) }), ("isOwn", .flag(isOwn)),
        ])
    }
}

extension ScoreSummary {
    var json: JSON {
        .object([
            ("bidId", .of(bid)), ("total", .text(total)), ("passes", .flag(passes)),
            ("needsModeration", .flag(needsModeration)),
            (
                "criteria",
                .list(criteria) {
                    .object([
                        ("criterion", .encoded($0.criterion)), ("mean", .text($0.mean)), ("spread", .int($0.spread)),
                        ("count", .int($0.count)), ("belowPassMark", .flag($0.belowPassMark)),
                        ("needsModeration", .flag($0.needsModeration)),
                    ])
                }
            ),
            (
                "given",
                .list(given) {
                    .object([
                        ("appraiserName", .text($0.appraiserName)), ("criterion", .text($0.criterionCode)),
                        ("value", .int($0.value)), ("rationale", .text($0.rationale)),
                    ])
                }
            ),
        ])
    }
}

extension ApprovalRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("kind", .code(kind)), ("bidId", .of(bid)),
            ("bidReference", .text(bidReference)), ("bidTitle", .text(bidTitle)),
            ("organisationName", .text(organisationName)),
            ("amount", .money(amount)), ("wholeLife", .money(wholeLife)), ("state", .code(state)),
            ("version", .int(version)),
            ("preparerName", .text(preparerName)), ("createdAt", .of(createdAt)), ("lapsesAt", .of(lapsesAt)),
        ])
    }
}

extension ApprovalDetail {
    var json: JSON {
        .object([
            ("id", .of(approval.id)), ("reference", .text(approval.reference)), ("state", .code(approval.state)),
            ("version", .int(approval.version)), ("wholeLife", .money(approval.wholeLife)),
            ("contentHash", .text(approval.contentHash)), ("content", .encoded(approval.content)), ("bid", bid.json),
            ("programmeTitle", .text(programmeTitle)), ("preparerName", .text(preparerName)),
            ("clearerName", .text(clearerName)),
            ("scores", scores?.json ?? .null), ("findings", .list(findings, \.json)),
            (
                "budget",
                .list(budget) {
                    .object([
                        ("year", .of($0.line.year)), ("kind", .code($0.line.kind)), ("amount", .money($0.line.amount)),
                        ("reserved", .money($0.reserved)), ("left", .money($0.left)),
                    ])
                }
            ),
            (
                "keys",
                .list(keys) {
                    .object([
                        ("personId", .of($0.person)), ("personName", .text($0.personName)), ("tier", .text($0.tier)),
                        ("at", .of($0.at)), ("counts", .flag($0.counts)),
                    ])
                }
            ),
            ("keysNeeded", .int(keysNeeded)), ("couldApprove", .list(couldApprove) { .choice($0) }),
            (
                "otherAwards",
                .list(otherAwards) {
                    .object([
                        ("approvalId", .of($0.approval)), ("reference", .text($0.reference)),
                        ("bidTitle", .text($0.bidTitle)),
                        ("amount", .money($0.amount)), ("state", .code($0.state)), ("at", .of($0.at)),
                    ])
                }
            ),
            (
                "splitting",
                splitting.map {
                    .object([("together", .money($0.together)), ("limit", .money($0.limit)), ("days", .int($0.days))])
                } ?? .null
            ),
            ("allowed", .list(allowed) { .code($0) }), ("decisionReason", .text(decisionReason)),
            ("decidedAt", .of(decidedAt)), ("lapsesAt", .of(lapsesAt)),
        ])
    }
}
