import Domain
import Services

/// The JSON that operations on evidence, decisions and adoption take.
enum EvidenceSchema {
    private static let lines = Schema.list(.text(most: 300, least: 1), most: 30)

    static let practice = Schema.object([
        .required("name", .text(most: 140, least: 1)), .optional("summary", .text(most: 4000)),
        .optional("coreComponents", lines),
        .optional("adaptableComponents", lines), .optional("population", .text(most: 2000)),
        .optional("features", lines),
        .optional("unitCost", .nullable(.money)), .optional("costUnit", .text(most: 140)),
        .optional("priceYear", .nullable(.year)),
        .optional("staffNeeded", .text(most: 2000)),
        .optional("originator", .nullable(.id), "The authority that it comes from."),
    ])
    static let link = Schema.object([.required("bid", .id), .required("part", .codes(Practice.Part.self))])
    static let unlink = Schema.object([.required("bid", .id)])
    static let newRating = Schema.object([.required("practice", .id)])

    private static let finding = Schema.object([
        .optional("quality", .nullable(.integer(0...4))), .optional("note", .text(most: 2000)),
    ])
    static let rating = Schema.object([
        .required("sms", .nullable(.integer(1...5)), "Strength of method."),
        .required("padlock", .nullable(.integer(0...5))),
        .required("level", .nullable(.codes(EvidenceLevel.self))),
        .required("direction", .nullable(.codes(ResultDirection.self))),
        .required("consistency", .nullable(.codes(EvidenceRating.Consistency.self))),
        .optional("costBand", .nullable(.integer(1...5))),
        .optional(
            "emmie",
            .object(["effect", "mechanism", "moderators", "implementation", "economic"].map { .optional($0, finding) })),
        .required("rationale", .text(most: 8000)),
        .optional("departureReason", .text(most: 4000), "Needed where it is not what the rules propose."),
    ])
    static let vote = Schema.object([
        .required("contentHash", .hash, "What was read."), .required("agrees", .flag),
        .optional("note", .text(most: 4000)),
    ])

    private static let option: [Schema.Property] = [
        .required("title", .text(most: 140, least: 1)), .required("question", .text(most: 2000, least: 1)),
        .optional("expectedCost", .nullable(.money)),
        .optional("reachAuthorities", .nullable(.integer(0...500))), .optional("equity", .text(most: 4000)),
    ]
    static let decision = Schema.object(option)
    static let newDecision = Schema.object([
        .required("practice", .id), .required("programme", .id), .required("content", decision),
    ])
    static let advice = Schema.object([
        .required("recommendation", .nullable(.codes(AdoptionDecision.Recommendation.self))),
        .required("reason", .text(most: 4000)),
        .required(
            "citations",
            .list(
                .object([
                    .required("evidence", .id), .required("bearing", .codes(AdoptionDecision.Bearing.self)),
                    .optional("note", .text(most: 2000)),
                ]), most: 200), "Items of the evidence pack; at least one."),
        .optional(
            "override",
            .nullable(
                .object([
                    .required("reason", .text(most: 4000)), .required("evidenceToFollow", .text(most: 4000)),
                    .required("evidenceDue", .nullable(.day)),
                    .required("stopRule", .text(most: 4000)),
                ])), "Only where the evidence is short of scaling."),
        .optional("externalReference", .text(most: 140)),
    ])

    static let adoption = Schema.object([
        .optional("startedOn", .nullable(.day)),
        .optional("coverage", .nullable(.integer(0...10_000)), "In hundredths of a per cent."),
        .optional("adaptations", .text(most: 4000)), .optional("fidelity", .nullable(.integer(1...5))),
        .optional("localCost", .nullable(.money)),
        .optional("fundedBy", .text(most: 200)), .optional("fundingEndedOn", .nullable(.day)),
        .optional("awarenessSource", .nullable(.codes(Adoption.Source.self))),
        .optional("evidenceRead", .list(.id, most: 50)),
    ])
    static let newAdoption = Schema.object([.required("practice", .id), .required("content", adoption)])
    static let step = Schema.object([.required("content", adoption), .optional("reason", .nullable(.text(most: 4000)))])
    static let note = Schema.object([.required("note", .text(most: 4000, least: 1))])

    private static let answers = Schema.list(
        .object([
            .required("dimension", .text(most: 40, least: 1)), .required("level", .nullable(.integer(1...4))),
            .required("evidence", .text(most: 4000)),
        ]), most: 20)
    static let capacityAnswers = Schema.object([
        .required("team", .text(most: 140, least: 1)), .required("answers", answers),
        .optional(
            "context",
            .object([
                .optional("doneBy", .nullable(.codes(CapacityAssessment.Doer.self))),
                .optional("support", .text(most: 2000)),
                .optional("dataReadiness", .text(most: 2000)),
            ])),
    ])
    static let certification = Schema.object([.required("levels", answers)])
    static let peer = Schema.object([.required("peer", .id)])

    static let followUp = Schema.object([
        .required("running", .nullable(.codes(FollowUp.Running.self))), .optional("funder", .text(most: 200)),
        .optional("coverage", .nullable(.integer(0...10_000)), "In hundredths of a per cent."),
        .required("staff", .nullable(.codes(FollowUp.Staff.self))),
        .required("capacityKept", .nullable(.codes(FollowUp.Running.self))), .optional("comment", .text(most: 4000)),
        .optional(
            "values",
            .list(
                .object([
                    .required("indicator", .text(most: 20, least: 1)), .required("period", .text(most: 40, least: 1)),
                    .optional("value", .text(most: 20)),
                    .optional("missing", .nullable(.codes(FollowUp.Missing.self))),
                ]), most: 60)),
    ])

    static let activity = Schema.object([
        .required("kind", .codes(DisseminationActivity.Kind.self)), .required("title", .text(most: 140, least: 1)),
        .required("plannedOn", .day),
    ])
    static let delivery = Schema.object([
        .required("activity", .id), .required("deliveredOn", .day), .required("attendance", .integer(0...9_999_999)),
        .required("cost", .money),
        .optional("reached", .list(.id, most: 500), "Authorities that it reached."),
    ])
    static let outcome = Schema.object([
        .required("activity", .id), .required("surveyed", .integer(0...9_999_999)),
        .required("usingIt", .integer(0...9_999_999)),
        .optional("note", .text(most: 4000)),
    ])
}
