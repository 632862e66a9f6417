import Domain
import FoundationEssentials
import Services

// How practices, ratings, decisions and adoptions are written as JSON.

extension JSON {
    /// A value of Domain as its own coding writes it.
    static func coded(_ value: some Encodable) -> JSON {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(value)).map { .raw(Array($0)) } ?? .null
    }

    /// A whole number, or null.
    static func int(_ value: Int?) -> JSON { value.map { .int($0) } ?? .null }
}

extension RatingBrief {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("number", .int(number)), ("state", .code(state)),
            ("level", .code(level)),
            ("sms", .int(sms)), ("padlock", .int(padlock)), ("direction", .code(direction)),
            ("replicated", .flag(replicated)), ("agreedAt", .of(agreedAt)),
        ])
    }
}

extension EvidenceReport {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("title", .text(title)), ("version", .int(version)),
            ("direction", .code(direction)),
            ("sms", .int(sms)), ("padlock", .int(padlock)), ("publishedAt", .of(publishedAt)),
        ])
    }
}

extension PracticeRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("name", .text(name)), ("summary", .text(summary)),
            ("state", .code(state)),
            ("originatorName", .text(originatorName)), ("rating", rating?.json ?? .null),
        ])
    }
}

extension PracticeDetail {
    var json: JSON {
        .object([
            ("id", .of(practice.id)), ("reference", .text(practice.reference)), ("state", .code(practice.state)),
            ("version", .int(practice.version)),
            ("publishedNumber", .int(practice.publishedNumber)), ("publishedAt", .of(publishedAt)),
            ("originatorName", .text(originatorName)),
            ("reason", .text(reason)), ("content", .coded(practice.content)), ("rating", rating?.json ?? .null),
            ("ratings", .list(ratings, \.json)),
            ("reports", .list(reports, \.json)),
            (
                "overdueReports",
                .list(overdue) { .object([("id", .of($0.id)), ("title", .text($0.title)), ("dueOn", .of($0.dueOn))]) }
            ),
            (
                "awards",
                .list(awards) {
                    .object([
                        ("bidId", .of($0.bid)), ("awardId", .of($0.award)), ("title", .text($0.title)),
                        ("part", .code($0.part)),
                    ])
                }
            ), ("decisions", .list(decisions, \.json)),
            (
                "adoptions",
                .list(adoptions) {
                    .object([
                        ("state", .code($0.state)), ("declared", .int($0.declared)), ("verified", .int($0.verified)),
                    ])
                }
            ), ("activities", .list(activities, \.json)),
            ("problems", .list(problems) { .object([("field", .text($0.field)), ("sentence", .text($0.sentence))]) }),
            ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension DisseminationActivity {
    var json: JSON {
        .object([
            ("id", .of(id)), ("kind", .code(kind)), ("title", .text(title)), ("plannedOn", .of(plannedOn)),
            ("deliveredOn", .of(deliveredOn)),
            ("attendance", .int(attendance)), ("cost", .money(cost)), ("authorities", .int(authorities)),
            ("surveyed", .int(surveyed)), ("usingIt", .int(usingIt)),
        ])
    }
}

extension RatingRow {
    var json: JSON {
        .object([
            ("rating", brief.json), ("practiceId", .of(practice)), ("practiceName", .text(practiceName)),
            ("nextReviewOn", .of(nextReviewOn)),
        ])
    }
}

extension RatingDetail {
    var json: JSON {
        .object([
            ("id", .of(rating.id)), ("reference", .text(rating.reference)), ("practiceId", .of(rating.practice)),
            ("practiceName", .text(practiceName)),
            ("number", .int(rating.number)), ("state", .code(rating.state)), ("version", .int(rating.version)),
            ("contentHash", .text(rating.contentHash)),
            ("content", .coded(rating.content)), ("replicated", .flag(replicated)),
            ("proposal", proposal.map { .coded($0) } ?? .null),
            ("proposerName", .text(proposerName)), ("agreedAt", .of(agreedAt)), ("nextReviewOn", .of(nextReviewOn)),
            ("reason", .text(reason)),
            ("reports", .list(read, \.json)),
            (
                "votes",
                .list(votes) {
                    .object([
                        ("personName", .text($0.personName)), ("agrees", .flag($0.agrees)), ("note", .text($0.note)),
                        ("counts", .flag($0.counts)), ("at", .of($0.at)),
                    ])
                }
            ), ("quorum", .int(quorum)), ("thresholds", .list(thresholds, \.json)),
            ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension EvidenceThreshold {
    var json: JSON {
        .object([
            ("measure", .text(measure)), ("gives", .int(gives)), ("bound", .text(bound)), ("meaning", .text(meaning)),
            ("source", .text(source)), ("mark", .text(mark)),
        ])
    }
}

extension AdoptionDecisionRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("title", .text(title)), ("practiceId", .of(practice)),
            ("practiceName", .text(practiceName)),
            ("state", .code(state)), ("recommendation", .code(recommendation)), ("levelAtDecision", .code(level)),
            ("sufficient", sufficient.map { .flag($0) } ?? .null), ("evidenceChanged", .flag(evidenceChanged)),
            ("createdAt", .of(createdAt)),
        ])
    }
}

extension EvidenceItem {
    var json: JSON {
        .object([
            ("id", .of(id)), ("kind", .code(kind)), ("reportId", .of(report)), ("reportVersion", .int(reportVersion)),
            ("ratingId", .of(rating)),
            ("ratingNumber", .int(ratingNumber)), ("title", .text(title)), ("direction", .code(direction)),
            ("sms", .int(sms)), ("dueOn", .of(dueOn)),
            ("bearing", .code(bearing)), ("note", .text(note)),
        ])
    }
}

extension AdoptionDecisionDetail {
    var json: JSON {
        .object([
            ("id", .of(decision.id)), ("reference", .text(decision.reference)), ("practiceId", .of(decision.practice)),
            ("practiceName", .text(practiceName)),
            ("programmeId", .of(decision.programme)), ("programmeTitle", .text(programmeTitle)),
            ("state", .code(decision.state)),
            ("version", .int(decision.version)), ("content", .coded(decision.content)), ("advice", .coded(advice)),
            ("levelAtDecision", .code(standing?.level)), ("smsAtDecision", .int(standing?.sms)),
            ("padlockAtDecision", .int(padlock)),
            ("sufficient", sufficient.map { .flag($0) } ?? .null), ("shortfall", .text(shortfall)),
            ("pack", .list(pack, \.json)),
            ("packIsStale", .flag(packIsStale)), ("needsSecond", .flag(needsSecond)), ("decidedAt", .of(decidedAt)),
            ("announcedAt", .of(announcedAt)),
            ("reviewOn", .of(reviewOn)), ("reviewedAt", .of(reviewedAt)), ("reviewOutcome", .text(reviewOutcome)),
            ("reason", .text(reason)),
            ("evidenceChanged", .flag(evidenceChanged)),
            (
                "changes",
                .list(flags) {
                    .object([("cause", .code($0.cause)), ("at", .of($0.at)), ("isOpen", .flag($0.isOpen))])
                }
            ),
            ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension AdoptionRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("practiceId", .of(practice)),
            ("practiceName", .text(practiceName)),
            ("organisationId", .of(organisation)), ("organisationName", .text(organisationName)),
            ("state", .code(state)), ("since", .of(since)),
            ("verified", .code(verified)),
        ])
    }
}

extension AdoptionDetail {
    var json: JSON {
        .object([
            ("id", .of(adoption.id)), ("reference", .text(adoption.reference)), ("practiceId", .of(adoption.practice)),
            ("practiceName", .text(practiceName)),
            ("organisationId", .of(adoption.organisation)), ("organisationName", .text(organisationName)),
            ("state", .code(adoption.state)),
            ("version", .int(adoption.version)), ("content", .coded(adoption.content)), ("since", .of(since)),
            ("isVerified", .flag(isVerified)),
            (
                "findings",
                .list(findings) {
                    .object([
                        ("state", .code($0.state)), ("kind", .code($0.kind)),
                        ("organisationName", .text($0.organisationName)), ("note", .text($0.note)), ("at", .of($0.at)),
                    ])
                }
            ), ("reason", .text(reason)), ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension CapacityAssessmentRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("organisationName", .text(organisationName)),
            ("wave", .code(wave)), ("state", .code(state)),
            ("dueOn", .of(dueOn)), ("createdAt", .of(createdAt)), ("certifiedAt", .of(certifiedAt)),
        ])
    }
}

extension RegionalCapacity {
    var json: JSON {
        .object([
            ("region", .text(region)), ("dimension", .text(dimension)), ("rubricVersion", .int(rubricVersion)),
            ("authorities", .int(authorities)),
            ("levels", .list(levels) { .int($0) }), ("twice", .int(twice)), ("improved", .int(improved)),
            ("unchanged", .int(unchanged)), ("fell", .int(fell)),
        ])
    }
}

extension CapacityAssessmentDetail {
    var json: JSON {
        .object([
            ("id", .of(assessment.id)), ("reference", .text(assessment.reference)),
            ("organisationName", .text(organisationName)),
            ("wave", .code(assessment.wave)), ("state", .code(assessment.state)), ("version", .int(assessment.version)),
            ("rubricVersion", .int(assessment.rubricVersion)), ("dueOn", .of(dueOn)), ("context", .coded(context)),
            (
                "rubric",
                .list(rubric) {
                    .object([
                        ("code", .text($0.code)), ("title", .text($0.title)),
                        ("levels", .list($0.levels) { .text($0) }), ("source", .text($0.source)),
                    ])
                }
            ), ("own", .list(own) { .coded($0) }),
            (
                "answers",
                .list(voices) {
                    .object([
                        ("personName", .text($0.personName)), ("team", .text($0.voice.team)),
                        ("answer", .coded($0.voice.answer)),
                    ])
                }
            ), ("levels", .list(levels) { .coded($0) }), ("certifiedAt", .of(certifiedAt)),
            ("peerName", .text(peerName)),
            ("moderationNote", .text(moderationNote)),
            (
                "comparison",
                comparison.map { comparison in
                    .object([
                        ("earlier", comparison.earlier.json), ("seriesBroken", .flag(comparison.changes == nil)),
                        (
                            "changes",
                            .list(comparison.changes ?? []) {
                                .object([
                                    ("dimension", .text($0.dimension)), ("direction", .code($0.direction)),
                                    ("before", .coded($0.before)), ("after", .coded($0.after)),
                                ])
                            }
                        ),
                    ])
                } ?? .null
            ), ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension FollowUpRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("awardTitle", .text(awardTitle)),
            ("organisationName", .text(organisationName)),
            ("months", .int(months)), ("state", .code(state)), ("opensOn", .of(opensOn)), ("dueOn", .of(dueOn)),
            ("reminders", .int(reminders)),
            ("running", .code(running)),
        ])
    }
}

extension FollowUpDetail {
    var json: JSON {
        .object([
            ("id", .of(followUp.id)), ("reference", .text(followUp.reference)), ("awardId", .of(followUp.award)),
            ("awardTitle", .text(awardTitle)),
            ("organisationName", .text(organisationName)), ("months", .int(followUp.months)),
            ("state", .code(followUp.state)),
            ("version", .int(followUp.version)), ("opensOn", .of(followUp.opensOn)), ("dueOn", .of(followUp.dueOn)),
            ("content", .coded(followUp.content)),
            (
                "indicators",
                .list(indicators) {
                    .object([
                        ("code", .text($0.code)), ("name", .text($0.name)), ("period", .text($0.period)),
                        ("published", .text($0.figure)),
                    ])
                }
            ), ("reminders", .list(reminders) { .of($0) }), ("answeredAt", .of(answeredAt)), ("reason", .text(reason)),
            ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension ChainNode {
    var json: JSON {
        .object([
            ("kind", .text(kind)), ("id", .text(id.uuidString.lowercased())), ("reference", .text(reference)),
            ("title", .text(title)), ("state", .text(state)),
            ("at", .of(at)), ("way", .code(way)), ("distance", .int(distance)),
        ])
    }
}

extension ChainView {
    var json: JSON {
        .object([
            ("start", start.json), ("nodes", .list(nodes, \.json)),
            (
                "edges",
                .list(edges) { .object([("from", .text($0.from.lowercased())), ("to", .text($0.to.lowercased()))]) }
            ),
        ])
    }
}

extension PublicPractice {
    var json: JSON {
        .object([
            ("reference", .text(reference)), ("name", .text(name)), ("summary", .text(summary)),
            ("coreComponents", .list(coreComponents) { .text($0) }),
            ("adaptableComponents", .list(adaptableComponents) { .text($0) }), ("population", .text(population)),
            ("unitCost", .money(unitCost)),
            ("costUnit", .text(costUnit)), ("priceYear", .text(priceYear)), ("staffNeeded", .text(staffNeeded)),
            ("originator", .text(originator)),
            ("publishedAt", .of(publishedAt)), ("state", .code(state)), ("level", .code(level)), ("sms", .int(sms)),
            ("padlock", .int(padlock)),
            ("direction", .code(direction)),
        ])
    }
}

extension PublicRating {
    var json: JSON {
        .object([
            ("reference", .text(reference)), ("practiceReference", .text(practiceReference)),
            ("practice", .text(practice)), ("number", .int(number)),
            ("state", .code(state)), ("content", .coded(content)), ("replicated", .flag(replicated)),
            ("agreedAt", .of(agreedAt)),
            ("nextReviewOn", .of(nextReviewOn)), ("reviewCause", .text(cause)),
            ("reports", .list(reports) { .coded($0) }),
        ])
    }
}

extension PublicDecision {
    var json: JSON {
        .object([
            ("reference", .text(reference)), ("title", .text(title)), ("practice", .text(practice)),
            ("practiceReference", .text(practiceReference)),
            ("programme", .text(programme)), ("question", .text(question)),
            ("recommendation", .code(advice.recommendation)), ("reason", .text(advice.reason)),
            ("override", advice.override.map { .coded($0) } ?? .null),
            ("externalReference", .text(advice.externalReference)),
            ("expectedCost", .money(expectedCost)), ("reachAuthorities", .int(reachAuthorities)),
            ("equity", .text(equity)),
            ("levelAtDecision", .code(standing.level)), ("smsAtDecision", .int(standing.sms)),
            ("padlockAtDecision", .int(padlock)),
            ("sufficient", .flag(sufficient)), ("decidedAt", .of(decidedAt)), ("announcedAt", .of(announcedAt)),
            ("reviewOn", .of(reviewOn)),
            ("reviewedAt", .of(reviewedAt)), ("reviewOutcome", .text(reviewOutcome)), ("evidenceChange", .code(change)),
            ("evidenceChangedAt", .of(changedAt)),
        ])
    }
}

extension PublicAdoption {
    var json: JSON {
        .object([
            ("practice", .text(practice)), ("organisation", .text(organisation)), ("state", .code(state)),
            ("since", .of(since)), ("verified", .code(verified)),
            ("coverage", .int(coverage)),
        ])
    }
}

extension PublicHit {
    var json: JSON {
        .object([
            ("kind", .text(kind)), ("reference", .text(reference)), ("title", .text(title)),
            ("excerpt", .text(excerpt)),
        ])
    }
}
