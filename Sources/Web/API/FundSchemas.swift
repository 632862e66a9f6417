import Domain

/// The JSON that the fund's operations take. Names are those of Domain's own values, which decode from it.
enum FundSchema {
    static let reason = Schema.object([
        .required("reason", .text(most: 4000, least: 1), "Why, in words that those concerned may read.")
    ])

    private static let screening = Schema.object([
        .optional("novel", .nullable(.flag)), .optional("contentious", .nullable(.flag)),
        .optional("repercussive", .nullable(.flag)), .optional("rationale", .text(most: 4000)),
    ])

    private static let consent = Schema.nullable(
        .object([.required("reference", .text(most: 200, least: 1)), .required("date", .day)]))

    private static let budgetLine = Schema.object([
        .required("year", .year), .required("kind", .codes(BudgetLine.Kind.self)), .required("amount", .money),
    ])

    static let programme = Schema.object([
        .required("title", .text(most: 140)), .optional("summary", .text(most: 10_000)),
        .optional("seniorOfficer", .nullable(.id)), .optional("ggisSchemeReference", .nullable(.text(most: 40))),
        .optional("allocationMethod", .nullable(.codes(Programme.AllocationMethod.self))),
        .optional("allocationReason", .text(most: 4000)),
        .optional("powers", .nullable(.codes(Programme.Powers.self))), .optional("powersDetail", .text(most: 4000)),
        .optional("conditionality", .nullable(.codes(Programme.Conditionality.self))),
        .optional(
            "businessCase",
            .object(
                ["strategic", "economic", "commercial", "financial", "management"].map {
                    .optional($0, .text(most: 20_000))
                }
            )),
        .optional("evaluationBudget", .nullable(.money)), .optional("screening", screening),
        .optional("consent", consent),
        .optional("adviceStatus", .nullable(.codes(Programme.GrantAdvice.self))),
        .optional("adviceReference", .text(most: 200)),
        .optional("fraudRiskInherent", .nullable(.codes(RiskLevel.self))),
        .optional("fraudRiskResidual", .nullable(.codes(RiskLevel.self))),
        .optional("fraudRiskNextReview", .nullable(.day)), .optional("riskProfile", .nullable(.codes(RiskLevel.self))),
        .optional(
            "aims",
            .list(
                .object([
                    .required("aim", .text(most: 1000)), .required("indicatorCode", .text(most: 40)),
                    .required("test", .codes(Programme.ValueTest.self)),
                ]), most: 50)),
        .optional("budget", .list(budgetLine, most: 40)),
    ])

    private static let roundProperties: [Schema.Property] = [
        .required("title", .text(most: 140)), .optional("prospectus", .text(most: 50_000)),
        .optional("opensAt", .nullable(.instant)),
        .optional("closesAt", .nullable(.instant), "The first moment that is too late."),
        .optional("minimumAward", .nullable(.money)), .optional("maximumAward", .nullable(.money)),
        .optional("budget", .nullable(.money)),
        .optional(
            "criteria",
            .list(
                .object([
                    .optional("id", .nullable(.id)), .required("code", .text(most: 40, least: 1)),
                    .required("title", .text(most: 200)),
                    .required("weightBasisPoints", .integer(0...10_000), "2500 is 25.00 %."),
                    .required("passMark", .integer(0...5)), .required("scorer", .codes(Criterion.Scorer.self)),
                    .optional("guidance", .text(most: 4000)),
                ]), most: 30)),
        .optional(
            "rules",
            .list(
                .object([
                    .required("code", .text(most: 40, least: 1)), .required("sentence", .text(most: 1000)),
                    .required("predicate", .predicate), .optional("source", .text(most: 1000)),
                ]), most: 30)),
    ]

    static let round = Schema.object(roundProperties)
    static let newRound = Schema.object([.required("programme", .id), .required("content", round)])
    static let extend = Schema.object([
        .required("closesAt", .instant, "Later than now, and than the present close."),
        .required("reason", .text(most: 4000, least: 1)),
    ])

    static let newBid = Schema.object([.required("round", .id), .required("title", .text(most: 140, least: 1))])
    static let submission = Schema.object([
        .required(
            "declarationVersion", .text(most: 40, least: 1), "The version of the declaration that the certifier read.")
    ])

    static let assignment = Schema.object([
        .required("bid", .id), .required("person", .id), .required("kind", .codes(Criterion.Scorer.self)),
        .required("dueOn", .day),
    ])

    static let scores = Schema.object([
        .required(
            "scores",
            .list(
                .object([
                    .required("criterion", .id), .required("value", .nullable(.integer(0...5))),
                    .optional("rationale", .text(most: 10_000)),
                ]), most: 30))
    ])

    static let approval = Schema.object([
        .required("kind", .codes(Approval.Kind.self)), .required("amount", .nullable(.money)),
        .optional("years", .list(budgetLine, most: 40)), .optional("conditions", .text(most: 20_000)),
        .optional("recommendation", .text(most: 20_000)),
        .optional("subsidyControl", .nullable(.codes(Approval.SubsidyControl.self))), .optional("screening", screening),
        .optional("consent", consent),
    ])
    static let newApproval = Schema.object([.required("bid", .id), .required("content", approval)])
    static let key = Schema.object([.required("contentHash", .hash, "The hash of the content that you read and sign.")])
}

extension BidSection {
    /// The JSON of a section, as it is saved.
    var schema: Schema {
        switch self {
        case .summary:
            .object([
                .optional("title", .text(most: 140)), .optional("summary", .text(most: 1000)),
                .optional("maturity", .nullable(.codes(BidContent.Maturity.self))),
                .optional("focusAreas", .list(.codes(BidContent.FocusArea.self), most: 14)),
            ])
        case .need:
            .object([
                .optional("problem", .text(most: 20_000)), .optional("population", .text(most: 20_000)),
                .optional("expectedNumber", .nullable(.integer(0...1_000_000_000))),
            ])
        case .theoryOfChange:
            .object(
                ["inputs", "activities", "outputs", "outcomes", "impact", "assumptions", "externalFactors"].map {
                    .optional($0, .list(.text(most: 2000), most: 50))
                })
        case .outcomes:
            .object([
                .optional(
                    "outcomes",
                    .list(
                        .object(
                            [.required("indicatorCode", .text(most: 40)), .optional("isPrimary", .flag)]
                                + ["baseline", "baselinePeriod", "target", "targetPeriod"].map {
                                    .optional($0, .text(most: 100))
                                }),
                        most: 50))
            ])
        case .costs: costs
        case .evaluation:
            .object([
                .optional("question", .text(most: 4000)),
                .optional("comparator", .nullable(.codes(BidContent.Comparator.self))),
                .optional("comparatorIdea", .text(most: 10_000)),
                .optional("numberAvailable", .nullable(.integer(0...1_000_000_000))),
                .optional("dataAccess", .nullable(.codes(BidContent.DataAccess.self))),
                .optional("approach", .text(most: 20_000)),
            ])
        case .delivery:
            .object([
                .optional("partners", .text(most: 10_000)), .optional("partnersSignedOff", .nullable(.flag)),
                .optional("plan", .text(most: 20_000)), .optional("sustainability", .text(most: 20_000)),
                .optional("exitCost", .nullable(.money)), .optional("childrensVoice", .text(most: 10_000)),
                .optional("burdenHours", .text(most: 20)),
            ])
        case .dataProtection:
            .object([
                .optional("dpiaStatus", .nullable(.codes(BidContent.DPIAStatus.self))),
                .optional("lawfulBasis", .nullable(.codes(BidContent.LawfulBasis.self))),
                .optional("equalityImpact", .text(most: 20_000)),
            ])
        }
    }

    private var costs: Schema {
        .object([
            .optional("requested", .nullable(.money)),
            .optional(
                "lines",
                .list(
                    .object([
                        .optional("category", .nullable(.codes(BidContent.CostLine.Category.self))),
                        .optional("year", .nullable(.year)), .optional("amount", .nullable(.money)),
                        .optional("recurrent", .flag), .optional("inKind", .flag),
                    ]), most: 200)),
            .optional(
                "matchFunding",
                .list(
                    .object([
                        .optional("source", .text(most: 200)), .optional("amount", .nullable(.money)),
                        .optional("confirmed", .flag),
                    ]), most: 50)),
        ])
    }
}
