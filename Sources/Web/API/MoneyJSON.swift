import Domain
import Services

// How the views of money write themselves as JSON.

extension AwardRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("title", .text(title)),
            ("organisationName", .text(organisationName)), ("state", .code(state)), ("version", .int(version)),
            ("amount", .money(amount)), ("claimed", .money(claimed)), ("paid", .money(paid)),
            ("updatedAt", .of(updatedAt)),
        ])
    }
}

extension InstalmentView {
    var json: JSON {
        .object([
            ("position", .int(position)), ("amount", .money(amount)), ("kind", .code(kind)), ("year", .of(year)),
            ("dueOn", .of(dueOn)), ("milestone", .code(milestone)), ("status", .code(status)), ("claimId", .of(claim)),
            ("claimed", .money(claimed)), ("paid", .money(paid)),
            (
                "gate",
                .object([
                    ("milestone", .code(gate.milestone)), ("isOpen", .flag(gate.isOpen)),
                    ("waitingOn", .text(gate.waitingOn)), ("since", .of(gate.since)),
                    ("sentence", .text(gate.sentence)),
                ])
            ),
        ])
    }
}

extension BankStanding {
    /// Masked, always.
    var json: JSON {
        .object([
            ("id", .of(id)), ("payee", .text(payee)), ("masked", .text(masked)), ("enteredAt", .of(enteredAt)),
            ("isChange", .flag(isChange)), ("verifications", .int(verifications)),
            ("payableFrom", .of(payableFrom)), ("isReady", .flag(isReady)),
        ])
    }
}

extension AgreementVersionRow {
    var json: JSON {
        .object([
            ("number", .int(number)), ("maximum", .money(maximum)), ("starts", .of(starts)), ("ends", .of(ends)),
            ("hash", .text(hash)), ("madeBy", .text(madeBy)), ("at", .of(at)), ("variationId", .of(variation)),
        ])
    }
}

extension VariationRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("awardId", .of(award)), ("kind", .code(kind)),
            ("state", .code(state)), ("version", .int(version)), ("increase", .money(increase)),
            ("decideBy", .of(decideBy)), ("isRetrospective", .flag(isRetrospective)), ("createdAt", .of(createdAt)),
        ])
    }
}

extension AwardPaper {
    var json: JSON {
        .object([
            ("kind", .text(object.kind)), ("id", .of(object.id)), ("reference", .text(reference)),
            ("title", .text(title)), ("state", .text(state)),
        ])
    }
}

extension AwardDetail {
    var json: JSON {
        .object(
            [
                ("id", .of(award.id)), ("reference", .text(award.reference)), ("title", .text(title)),
                ("state", .code(award.state)), ("version", .int(award.version)), ("bidId", .of(award.bid)),
                ("programmeId", .of(award.programme)), ("organisationName", .text(organisationName)),
                ("amount", .money(award.amount)), ("agreementHash", .text(agreementHash)),
                (
                    "position",
                    .object([
                        ("promised", .money(position.promised)), ("claimed", .money(position.claimed)),
                        ("approved", .money(position.approved)), ("paid", .money(position.paid)),
                        ("left", .money(position.left)),
                    ])
                ),
                ("instalments", .list(instalments, \.json)), ("balance", balanceJSON),
                ("conditions", conditionsJSON), ("departures", departuresJSON), ("versions", .list(versions, \.json)),
                ("variations", .list(variations, \.json)), ("claims", .list(claims, \.json)),
                ("recoveries", recoveriesJSON), ("papers", .list(papers, \.json)),
            ] + ending)
    }

    private var ending: [(String, JSON)] {
        [
            ("bank", bank.map(\.json) ?? .null), ("acceptBy", .of(acceptBy)), ("reason", .text(reason)),
            ("allowed", .list(allowed) { .code($0) }),
        ]
    }

    private var balanceJSON: JSON {
        .list(balance) {
            .object([
                ("year", .of($0.year)), ("kind", .code($0.kind)), ("committed", .money($0.committed)),
                ("commitment", .money($0.commitment)), ("payable", .money($0.payable)), ("paid", .money($0.paid)),
                ("recovery", .money($0.recovery)),
            ])
        }
    }

    private var conditionsJSON: JSON {
        .list(conditions) {
            .object([
                ("code", .text($0.code)), ("text", .text($0.text)), ("kind", .code($0.kind)), ("dueOn", .of($0.dueOn)),
                ("isMet", $0.isMet.map { .flag($0) } ?? .null), ("evidence", .text($0.evidence)),
                ("foundAt", .of($0.foundAt)),
            ])
        }
    }

    private var departuresJSON: JSON {
        .list(departures) {
            .object([
                ("from", .code($0.subject)), ("reason", .text($0.reason)), ("approvedBy", .text($0.approvedBy)),
                ("at", .of($0.at)),
            ])
        }
    }

    private var recoveriesJSON: JSON {
        .list(recoveries) {
            .object([
                ("id", .of($0.id)), ("reason", .text($0.reason)), ("amount", .money($0.amount)),
                ("dueOn", .of($0.dueOn)),
                ("receivedOn", .of($0.receivedOn)), ("version", .int($0.version)),
            ])
        }
    }
}

extension AgreementDocument {
    var json: JSON {
        .object([
            ("title", .text(title)),
            (
                "sections",
                .list(sections) { section in
                    .object([
                        ("number", .text(section.number)), ("heading", .text(section.heading)),
                        ("blocks", .list(section.blocks, \.json)),
                    ])
                }
            ),
        ])
    }
}

extension AgreementDocument.Block {
    fileprivate var json: JSON {
        switch self {
        case .paragraph(let text): .object([("paragraph", .text(text))])
        case .points(let points): .object([("points", .list(points) { .text($0) })])
        case .table(let caption, let columns, let rows):
            .object([
                ("caption", .text(caption)), ("columns", .list(columns) { .text($0) }),
                ("rows", .list(rows) { .list($0) { .text($0) } }),
            ])
        }
    }
}

extension AgreementView {
    var json: JSON {
        .object([
            ("awardId", .of(award.id)), ("number", .int(number)), ("version", .int(award.version)),
            ("content", .encoded(content)), ("document", document.json), ("hash", .text(hash)),
            ("signedText", .text(signedText)), ("problems", .problems(problems)), ("editable", .flag(editable)),
        ])
    }
}

extension ClaimRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("awardId", .of(award)),
            ("awardReference", .text(awardReference)), ("title", .text(title)),
            ("organisationName", .text(organisationName)), ("position", .int(position)), ("state", .code(state)),
            ("version", .int(version)), ("amount", .money(amount)), ("verified", .money(verified)),
            ("from", .of(from)), ("to", .of(to)), ("payBy", .of(payBy)), ("updatedAt", .of(updatedAt)),
        ])
    }
}

extension ClaimDetail {
    var json: JSON {
        .object([
            ("id", .of(claim.id)), ("reference", .text(claim.reference)), ("awardId", .of(award.id)),
            ("state", .code(claim.state)), ("version", .int(claim.version)),
            ("instalment", instalment.map(\.json) ?? .null), ("content", .encoded(claim.content)), ("lines", linesJSON),
            ("amount", .money(amount)), ("verified", .money(verified)),
            ("sampleSeed", .text(sampleSeed.map { "\($0)" })), ("samplePercent", .text(samplePercent.map { "\($0)" })),
            ("problems", .problems(problems)), ("query", .text(query)), ("reason", .text(reason)),
            ("isReturnAccepted", .flag(isReturnAccepted)), ("payments", paymentsJSON),
            ("allowed", .list(allowed) { .code($0) }),
        ])
    }

    private var linesJSON: JSON {
        .list(lines) { view in
            .object([
                ("number", .int(view.number)), ("isSampled", .flag(view.isSampled)),
                ("finding", view.finding.map { .encoded($0) } ?? .null),
            ])
        }
    }

    private var paymentsJSON: JSON {
        .list(payments) {
            .object([
                ("reference", .text($0.reference)), ("batchId", .of($0.batch)), ("state", .code($0.state)),
                ("amount", .money($0.amount)), ("payee", .text($0.payee)), ("masked", .text($0.masked)),
                ("releasedAt", .of($0.releasedAt)),
            ])
        }
    }
}

extension PaymentBatchRow {
    var fields: [(String, JSON)] {
        [
            ("id", .of(batch.id)), ("reference", .text(batch.reference)), ("state", .code(batch.state)),
            ("version", .int(batch.version)), ("count", .int(batch.count)), ("total", .money(batch.total)),
            ("programmeTitle", .text(programmeTitle)), ("creatorName", .text(creatorName)),
            ("createdAt", .of(createdAt)), ("releasedAt", .of(releasedAt)), ("paidAt", .of(paidAt)),
        ]
    }

    var json: JSON { .object(fields) }
}

extension PaymentBatchDetail {
    var json: JSON {
        .object(
            row.fields + [
                (
                    "payments",
                    .list(payments) {
                        .object([
                            ("reference", .text($0.reference)), ("claimId", .of($0.claim)),
                            ("claimReference", .text($0.claimReference)), ("awardId", .of($0.award)),
                            ("awardReference", .text($0.awardReference)), ("payee", .text($0.payee)),
                            ("masked", .text($0.masked)), ("amount", .money($0.amount)),
                        ])
                    }
                ), ("exportHash", .text(exportHash)), ("allowed", .list(allowed) { .code($0) }),
            ])
    }
}

extension PayableClaim {
    var json: JSON {
        .object([
            ("claimId", .of(claim)), ("reference", .text(reference)), ("awardReference", .text(awardReference)),
            ("organisationName", .text(organisationName)), ("programmeId", .of(programme)),
            ("programmeTitle", .text(programmeTitle)), ("amount", .money(amount)), ("payBy", .of(payBy)),
        ])
    }
}

extension VariationDetail {
    var json: JSON {
        .object([
            ("id", .of(variation.id)), ("reference", .text(variation.reference)), ("awardId", .of(award.id)),
            ("state", .code(variation.state)), ("version", .int(variation.version)),
            ("content", .encoded(variation.content)),
            (
                "changes",
                .list(changes) {
                    .object([("what", .text($0.what)), ("before", .text($0.before)), ("after", .text($0.after))])
                }
            ),
            ("problems", .problems(problems)), ("assessment", .text(assessment)),
            ("decisionReason", .text(decisionReason)), ("decideBy", .of(decideBy)),
            ("isRetrospective", .flag(isRetrospective)),
            (
                "uplifts",
                .list(uplifts) {
                    .object([
                        ("approvalId", .of($0.approval)), ("reference", .text($0.reference)),
                        ("amount", .money($0.amount)),
                    ])
                }
            ), ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}
