import Domain

/// The JSON that the operations of money take. Names are those of Domain's own values, which decode from it.
enum MoneySchema {
    static let instalments = Schema.list(
        .object([
            .required("dueOn", .nullable(.day)), .required("amount", .nullable(.money)),
            .required("kind", .codes(BudgetLine.Kind.self)), .required("milestone", .codes(EvaluationMilestone.self)),
        ]), most: AgreementRules.mostInstalments)

    static let agreement = Schema.object([
        .optional("instrument", .nullable(.codes(Agreement.Instrument.self))),
        .optional("determinationNumber", .text(most: 40), "For section 31, such as 31/7833."),
        .optional("conditionality", .nullable(.codes(Programme.Conditionality.self))),
        .optional("purpose", .text(most: 4000)), .optional("maximum", .nullable(.money)),
        .optional("starts", .nullable(.day)), .optional("ends", .nullable(.day)),
        .optional("retrospectiveApproval", .text(most: 140)),
        .optional("categories", .list(.codes(BidContent.CostLine.Category.self), most: 20)),
        .optional("ineligible", .text(most: 4000)),
        .optional("frequency", .nullable(.codes(Agreement.Frequency.self))),
        .optional("mode", .nullable(.codes(Agreement.PaymentMode.self))),
        .optional("advanceReason", .text(most: 4000)), .optional("instalments", instalments),
        .optional("indicators", .list(.text(most: 40, least: 1), most: 100)),
        .optional("evaluationBudget", .nullable(.money)),
        .optional(
            "conditions",
            .list(
                .object([
                    .required("code", .text(most: 20)), .required("text", .text(most: 4000)),
                    .required("kind", .nullable(.codes(Agreement.Condition.Kind.self))),
                    .optional("due", .nullable(.day)),
                ]), most: AgreementRules.mostConditions)),
        .optional("clauses", .list(.codes(Agreement.Clause.self), most: 20)),
        .optional("departures", .list(.object([]), most: 0), "Departures are allowed by an operation of their own."),
    ])

    static let signed: [Schema.Property] = [
        .required("contentHash", .hash, "The hash of the agreement that you read and sign.")
    ]
    static let offer = Schema.object(signed)
    static let acceptance = Schema.object(signed + [.optional("councilDecision", .nullable(.text(most: 140)))])
    static let signature = Schema.object(
        signed + [
            .required("ggisReference", .text(most: 60, least: 1)),
            .optional("evaluatorName", .nullable(.text(most: 200))),
            .optional("evaluatorDueOn", .nullable(.day)), .required("protocolDueOn", .day),
        ])
    static let departure = Schema.object([
        .required("from", .codes(Agreement.Departure.Subject.self)), .required("reason", .text(most: 4000, least: 1)),
    ])
    static let finding = Schema.object([
        .required("code", .text(most: 20, least: 1)), .required("met", .flag),
        .required("evidence", .text(most: 2000, least: 1)),
    ])
    static let reconciliation = Schema.object([
        .required("note", .text(most: 4000, least: 1)), .required("assets", .text(most: 4000, least: 1)),
    ])
    static let termination = Schema.object([
        .required("reason", .text(most: 4000, least: 1)),
        .optional("recovery", .nullable(.money), "How much of what was paid must come back."),
    ])
    static let recovery = Schema.object([
        .required("recovery", .id), .required("version", .integer(1...1_000_000)), .required("receivedOn", .day),
    ])

    static let bank: [Schema.Property] = [
        .required("name", .text(most: 140, least: 1)), .required("sortCode", .text(most: 20, least: 1)),
        .required("account", .text(most: 20, least: 1)),
    ]
    static let bankDetails = Schema.object(bank)
    static let bankVerification = Schema.object([.required("bankAccount", .id)] + bank)
    static let bankLook = Schema.object([
        .required("bankAccount", .id), .required("reason", .text(most: 4000, least: 1)),
    ])

    static let newClaim = Schema.object([.required("award", .id), .required("position", .integer(1...60))])
    static let claim = Schema.object([
        .optional("from", .nullable(.day)), .optional("to", .nullable(.day)),
        .optional(
            "lines",
            .list(
                .object([
                    .optional("date", .nullable(.day)),
                    .optional("category", .nullable(.codes(BidContent.CostLine.Category.self))),
                    .optional("amount", .nullable(.money)), .optional("vat", .nullable(.money)),
                    .optional("supplier", .text(most: 140)), .optional("ledgerReference", .text(most: 140)),
                    .optional("evidence", .text(most: 500)),
                ]), most: ClaimRules.mostLines)),
    ])
    static let findings = Schema.object([
        .required(
            "findings",
            .list(
                .object([
                    .required("line", .integer(1...ClaimRules.mostLines)),
                    .required("verdict", .codes(Claim.Verdict.self)),
                    .optional("disallowed", .nullable(.money), "The whole line when null."),
                    .optional("reason", .text(most: 1000)),
                ]), most: ClaimRules.mostLines))
    ])
    static let answer = Schema.object([
        .required("reply", .text(most: 4000, least: 1)),
        .optional(
            "evidence",
            .list(
                .object([
                    .required("line", .integer(1...ClaimRules.mostLines)), .required("evidence", .text(most: 500)),
                ]), most: ClaimRules.mostLines)),
    ])
    static let question = Schema.object([.required("question", .text(most: 4000, least: 1))])

    static let newBatch = Schema.object([
        .required("programme", .id), .required("claims", .list(.id, most: 500)),
    ])
    static let release = Schema.object([
        .required("count", .integer(0...10_000), "How many payments you counted."),
        .required("total", .money, "What you added up."),
    ])
    static let confirmation = Schema.object([
        .required("file", .text(most: 1_000_000, least: 1), "The file that came back, as it is.")
    ])

    private static let variationContent: [Schema.Property] = [
        .required("kind", .codes(Variation.Kind.self)), .required("reason", .text(most: 4000, least: 1)),
        .optional("increase", .nullable(.money)), .optional("starts", .nullable(.day)),
        .optional("ends", .nullable(.day)), .optional("effectiveOn", .nullable(.day)),
        .optional("instalments", instalments, "The whole schedule; the present one when empty."),
    ]
    static let variation = Schema.object(variationContent)
    static let newVariation = Schema.object([.required("award", .id), .required("content", variation)])
    static let assessment = Schema.object([.required("assessment", .text(most: 4000, least: 1))])
    static let variationApproval = Schema.object([
        .optional("uplift", .nullable(.id), "The approval of more money that it rests on.")
    ])
}
