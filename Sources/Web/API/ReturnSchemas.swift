import Domain

/// The JSON that the operations of returns take. Names are those of Domain's own values, which decode from it.
enum ReturnSchema {
    static let upload = Schema.object([
        .required("csv", .text(most: 900_000, least: 1), "The filled-in sheet, as text."),
        .optional("dryRun", .flag, "Only check it. True when left out."),
    ])

    static let changes = Schema.object([
        .required("reason", .text(most: 4000), "What must change."),
        .optional(
            "comments",
            .list(
                .object([
                    .required("field", .text(most: 100, least: 1)), .required("comment", .text(most: 2000, least: 1)),
                ]),
                most: 100)),
    ])

    static func section(_ section: ReturnSection) -> Schema {
        switch section {
        case .outcomes: outcomes
        case .reach:
            .object(
                ["peopleReached", "ofWhichTarget", "sitesLive", "staffTrained", "fidelityPercent"].map {
                    .optional($0, .nullable(.integer(0...9_999_999)))
                })
        case .spend:
            .object(
                ["period", "toDate", "forecast"].map { .optional($0, .nullable(.money)) }
                    + [.optional("varianceReason", .text(most: 2000)), .optional("confirmation", .text(most: 2000))])
        case .milestones: .object([.required("lines", .list(milestone, most: 50))])
        case .risks: .object([.required("lines", .list(risk, most: 50))])
        case .learning:
            .object([
                .optional("note", .text(most: 8000)), .optional("evaluatorAccess", .nullable(.flag)),
                .optional("confirmation", .text(most: 2000)), .optional("burdenHours", .nullable(.integer(0...9999))),
            ])
        }
    }

    private static let outcomes = Schema.object([
        .required(
            "values",
            .list(
                .object([
                    .required("indicatorCode", .text(most: 40, least: 1)), .optional("numerator", .text(most: 20)),
                    .optional("denominator", .text(most: 20)), .optional("value", .text(most: 20)),
                    .required("status", .codes(ReturnContent.Status.self)),
                    .optional("missingReason", .nullable(.codes(ReturnContent.MissingReason.self))),
                    .optional("comment", .text(most: 2000)), .optional("confirmation", .text(most: 2000)),
                    .optional("source", .text(most: 300)),
                ]), most: 100))
    ])

    private static let milestone = Schema.object([
        .required("code", .text(most: 40)), .required("title", .text(most: 300)), .optional("planned", .nullable(.day)),
        .optional("forecast", .nullable(.day)), .optional("actual", .nullable(.day)),
        .optional("rating", .nullable(.codes(ReturnContent.Rating.self))),
    ])

    private static let risk = Schema.object([
        .optional("category", .nullable(.codes(ReturnContent.Risk.Category.self))),
        .required("title", .text(most: 300)),
        .optional("likelihood", .nullable(.integer(1...5))), .optional("impact", .nullable(.integer(1...5))),
        .optional("proximity", .text(most: 100)), .optional("mitigation", .text(most: 2000)),
        .optional("owner", .text(most: 200)), .optional("raised", .nullable(.day)),
        .optional("closed", .nullable(.day)),
    ])

    /// The section of a body, as content.
    static func content(_ section: ReturnSection, _ call: Call) throws -> ReturnContent {
        var content = ReturnContent()
        switch section {
        case .outcomes: content.outcomes = try call.content(ReturnContent.Outcomes.self)
        case .reach: content.reach = try call.content(ReturnContent.Reach.self)
        case .spend: content.spend = try call.content(ReturnContent.Spend.self)
        case .milestones: content.milestones = try call.content(ReturnContent.Milestones.self)
        case .risks: content.risks = try call.content(ReturnContent.Risks.self)
        case .learning: content.learning = try call.content(ReturnContent.Learning.self)
        }
        return content
    }
}
