import Domain
import Services

// How the views of returns and published figures write themselves as JSON.

extension ReturnRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("awardId", .of(award)),
            ("awardTitle", .text(awardTitle)),
            ("organisationName", .text(organisationName)), ("sequence", .int(sequence)), ("from", .of(from)),
            ("to", .of(to)),
            ("due", .of(due)), ("state", .code(state)), ("version", .int(version)), ("submittedAt", .of(submittedAt)),
            ("lateDays", lateDays.map { .int($0) } ?? .null), ("isOverdue", .flag(isOverdue)),
        ])
    }
}

extension ReturnFinding {
    var json: JSON {
        .object([
            ("rule", .code(rule)), ("severity", .code(severity)), ("field", .text(field)),
            ("sentence", .text(sentence)),
            ("fix", .text(fix)), ("reason", .text(reason)),
        ])
    }
}

extension ReturnDetail {
    var json: JSON {
        .object([
            ("id", .of(subject.id)), ("reference", .text(subject.reference)), ("awardId", .of(subject.award)),
            ("organisationName", .text(row.organisationName)), ("sequence", .int(subject.sequence)),
            ("from", .of(subject.from)),
            ("to", .of(subject.to)), ("due", .of(subject.due)), ("state", .code(subject.state)),
            ("version", .int(subject.version)), ("contentVersion", .int(subject.contentVersion)),
            ("submittedAt", .of(row.submittedAt)), ("lateDays", row.lateDays.map { .int($0) } ?? .null),
            ("isOverdue", .flag(row.isOverdue)),
            ("reason", .text(reason)), ("changesDue", .of(changesDue)), ("findings", .list(findings, \.json)),
            (
                "versions",
                .list(versions) {
                    .object([
                        ("number", .int($0.number)), ("hash", .text($0.hash)), ("submittedAt", .of($0.submittedAt)),
                        ("certifiedBy", .text($0.certifiedBy)),
                    ])
                }
            ),
            (
                "rulings",
                .list(rulings) {
                    .object([
                        ("ruling", .text($0.ruling)), ("number", .int($0.number)), ("reason", .text($0.reason)),
                        ("at", .of($0.at)),
                    ])
                }
            ),
            ("comments", .list(comments) { .encoded($0) }),
            (
                "restatements",
                .list(restatements) {
                    .object([
                        ("field", .text($0.field)), ("before", .text($0.before)), ("after", .text($0.after)),
                        ("cause", .text($0.cause)), ("at", .of($0.at)),
                    ])
                }
            ),
            ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension ReturnContentView {
    var json: JSON {
        .object([
            ("returnId", .of(subject.id)), ("number", .int(number)), ("content", .encoded(content)),
            (
                "figures",
                .list(indicators) { indicator in
                    let value = content.outcomes.value(of: indicator.code)
                    return .object([
                        ("indicatorCode", .text(indicator.code)), ("definition", .int(indicator.version)),
                        ("figure", .text(value.figure(indicator)?.description)),
                        ("missingReason", .code(value.missingReason)),
                    ])
                }
            ), ("findings", .list(findings, \.json)),
        ])
    }
}

extension ReturnSectionView {
    var json: JSON {
        let part: JSON =
            switch section {
            case .outcomes: .encoded(content.outcomes)
            case .reach: .encoded(content.reach)
            case .spend: .encoded(content.spend)
            case .milestones: .encoded(content.milestones)
            case .risks: .encoded(content.risks)
            case .learning: .encoded(content.learning)
            }
        return .object([
            ("returnId", .of(subject.id)), ("section", .code(section)), ("version", .int(version)),
            ("editedBy", .text(editedBy)), ("editedAt", .of(editedAt)), ("editable", .flag(editable)),
            ("content", part),
            ("findings", .list(findings, \.json)), ("comments", .list(comments) { .encoded($0) }),
            (
                "comparisons",
                .list(comparisons) {
                    .object([
                        ("indicatorCode", .text($0.code)), ("last", .text($0.last)), ("period", .text($0.period)),
                        ("own", .text($0.own)), ("neighbours", .text($0.neighbours)),
                        ("neighbourCount", .int($0.neighbourCount)),
                        ("england", .text($0.england)),
                    ])
                }
            ),
        ])
    }
}

extension ReturnUpload {
    var json: JSON {
        .object([
            ("applied", .flag(applied)), ("changes", .int(changes)), ("messages", .list(messages) { .encoded($0) }),
        ])
    }
}

extension IndicatorFigures {
    var json: JSON {
        .object([
            ("definition", .encoded(definition)), ("period", .text(period)), ("cohort", .text(cohort)),
            ("pooled", pooled.map { .encoded($0) } ?? .null), ("items", .list(figures) { .encoded($0) }),
        ])
    }
}

extension ReturnTable {
    var json: JSON {
        .object([
            ("indicatorCode", .text(code)), ("name", .text(name)), ("periods", .list(periods) { .text($0) }),
            (
                "items",
                .list(Array(zip(authorities, cells))) { row in
                    .object([("authority", .text(row.0)), ("counts", .list(row.1) { .text($0) })])
                }
            ), ("rowTotals", .list(rowTotals) { .text($0) }), ("columnTotals", .list(columnTotals) { .text($0) }),
            ("withheld", .int(withheld)), ("missing", .int(missing)),
        ])
    }
}
