import Domain

/// A coloured label; the words say what the colour says.
typealias Tag = Component.Tag

/// How the codes of the domain read on pages. Codes are permanent; these words may change.
enum Words {
    static func list(_ parts: [String]) -> String {
        guard let last = parts.last else { return "" }
        return parts.count == 1 ? last : parts.dropLast().joined(separator: ", ") + " and " + last
    }

    /// `1 bid`, `2 bids`.
    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? one : many ?? one + "s")"
    }

    /// `12,400`.
    static func grouped(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var tail = ""
        while digits.count > 3 {
            tail = "," + digits.suffix(3) + tail
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + digits + tail
    }

    /// A weight in hundredths of a per cent as `25%` or `12.5%`.
    static func percent(basisPoints: Int) -> String { decimal(hundredths: basisPoints) + "%" }

    /// Hundredths as `25`, `12.5` or `12.25`.
    static func decimal(hundredths: Int) -> String {
        let size = hundredths.magnitude
        let sign = hundredths < 0 ? "-" : ""
        switch (size % 100, size % 10) {
        case (0, _): return "\(sign)\(size / 100)"
        case (let rest, 0): return "\(sign)\(size / 100).\(rest / 10)"
        case (let rest, _): return "\(sign)\(size / 100).\(rest < 10 ? "0" : "")\(rest)"
        }
    }

    static func yesNo(_ answer: Bool?) -> String? { answer.map { $0 ? "Yes" : "No" } }

    /// An event's or a state's code as plain words.
    static func plain(_ code: String) -> String {
        let words = code.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

// MARK: States

extension Words {
    static func tag(_ state: Programme.State) -> Tag {
        switch state {
        case .draft: Tag("Draft", .grey)
        case .inApproval: Tag("With the approver", .yellow)
        case .approved: Tag("Approved", .turquoise)
        case .rejected: Tag("Rejected", .red)
        case .open: Tag("Open", .green)
        case .suspended: Tag("Suspended", .orange)
        case .closing: Tag("Closing", .purple)
        case .closed: Tag("Closed", .grey)
        case .archived: Tag("Archived", .grey)
        }
    }

    static func tag(_ state: Round.State) -> Tag {
        switch state {
        case .draft: Tag("Draft", .grey)
        case .approved: Tag("Approved", .turquoise)
        case .scheduled: Tag("Opens later", .lightBlue)
        case .open: Tag("Open", .green)
        case .closed: Tag("Closed to bids", .purple)
        case .appraising: Tag("Being appraised", .yellow)
        case .decided: Tag("Decided", .turquoise)
        case .announced: Tag("Announced", .blue)
        case .cancelled: Tag("Cancelled", .red)
        }
    }

    static func tag(_ state: Bid.State) -> Tag {
        switch state {
        case .draft: Tag("Draft", .grey)
        case .inCertification: Tag("With the certifier", .yellow)
        case .submitted: Tag("Submitted", .green)
        case .notSubmitted: Tag("Not submitted", .red)
        case .eligibilityCheck: Tag("Eligibility check", .yellow)
        case .eligible: Tag("Eligible", .turquoise)
        case .ineligible: Tag("Not eligible", .red)
        case .appraised: Tag("Appraised", .lightBlue)
        case .approvedForOffer: Tag("Approved for offer", .green)
        case .reserve: Tag("Reserve list", .purple)
        case .declined: Tag("Declined", .red)
        case .offered: Tag("Offered", .green)
        case .withdrawn: Tag("Withdrawn", .grey)
        }
    }

    static func tag(_ state: Appraisal.State) -> Tag {
        switch state {
        case .assigned: Tag("Not started", .grey)
        case .inProgress: Tag("In progress", .lightBlue)
        case .submitted: Tag("Being checked", .yellow)
        case .returned: Tag("Sent back", .orange)
        case .final: Tag("Final", .green)
        }
    }

    static func tag(_ state: Approval.State) -> Tag {
        switch state {
        case .prepared: Tag("Waiting for finance", .yellow)
        case .financeCleared: Tag("Waiting for approval", .yellow)
        case .referredUp: Tag("Referred up", .orange)
        case .awaitingSecondKey: Tag("Waiting for a second approver", .yellow)
        case .approved: Tag("Approved", .green)
        case .rejected: Tag("Rejected", .red)
        case .returned: Tag("Sent back", .orange)
        case .lapsed: Tag("Lapsed", .grey)
        }
    }
}

// MARK: What a bid says

extension Words {
    static func label(_ maturity: BidContent.Maturity) -> String {
        switch maturity {
        case .develop: "Develop: an idea that needs shaping"
        case .testAndImprove: "Test and improve: in use here, not yet proven"
        case .scaleAndSpread: "Scale and spread: proven elsewhere, new here"
        }
    }

    static func label(_ area: BidContent.FocusArea) -> String {
        switch area {
        case .socialWorkPractice: "Social work practice"
        case .adolescents: "Adolescents and edge of care"
        case .fosteringAndAdoption: "Fostering and adoption"
        case .careLeavers: "Care leavers"
        case .residential: "Residential care"
        case .exploitation: "Exploitation"
        case .mentalHealth: "Mental health"
        case .domesticAbuse: "Domestic abuse"
        case .workforce: "Workforce"
        case .commissioning: "Commissioning and new delivery models"
        case .dataAndDigital: "Data and digital"
        case .familyGroupDecisionMaking: "Family group decision making"
        case .familyDrugAndAlcohol: "Family drug and alcohol work"
        case .repeatRemovals: "Repeat removals"
        }
    }

    static func label(_ category: BidContent.CostLine.Category) -> String {
        switch category {
        case .staff: "Staff"
        case .training: "Training"
        case .evaluation: "Evaluation"
        case .dataIT: "Data and IT"
        case .premises: "Premises"
        case .commissionedService: "Commissioned service"
        case .overhead: "Overheads"
        case .contingency: "Contingency"
        }
    }

    static func label(_ comparator: BidContent.Comparator) -> String {
        switch comparator {
        case .businessAsUsual: "People who get the usual service at the same time"
        case .waitlist: "People on a waiting list"
        case .stepped: "Areas that start later (stepped roll-out)"
        case .matched: "Similar people or areas, matched on data"
        case .synthetic: "A weighted mix of other areas (synthetic control)"
        case .historical: "The same area before the project"
        case .none: "There is no comparison group"
        }
    }

    static func label(_ access: BidContent.DataAccess) -> String {
        switch access {
        case .agreed: "Agreed with everyone who holds the data"
        case .inDiscussion: "In discussion"
        case .notStarted: "Not started"
        }
    }

    static func label(_ status: BidContent.DPIAStatus) -> String {
        switch status {
        case .complete: "Complete"
        case .inProgress: "In progress"
        case .notStarted: "Not started"
        case .notNeeded: "Not needed"
        }
    }

    static func label(_ basis: BidContent.LawfulBasis) -> String {
        switch basis {
        case .publicTask: "Public task"
        case .legalObligation: "Legal obligation"
        case .consent: "Consent"
        case .legitimateInterests: "Legitimate interests"
        }
    }

    static func unit(_ unit: Indicator.Unit) -> String {
        switch unit {
        case .per10k: "per 10,000 children"
        case .percent: "%"
        case .days: "days"
        case .score: "score"
        case .poundsPerWeek: "£ a week"
        case .pounds: "£"
        case .ratio: "ratio"
        case .points: "points"
        case .number: "children"
        }
    }

    static func direction(_ polarity: Indicator.Polarity) -> String {
        switch polarity {
        case .low: "lower is better"
        case .high: "higher is better"
        case .context: "neither way is better"
        }
    }

    /// How an indicator reads in a list to choose from.
    static func choice(_ indicator: Indicator) -> String {
        "\(indicator.name) (\(unit(indicator.unit)), \(direction(indicator.polarity)))"
    }
}

// MARK: What the department writes

extension Words {
    static func label(_ method: Programme.AllocationMethod) -> String {
        switch method {
        case .competed: "Competed"
        case .uncompeted: "Not competed"
        case .criteriaBased: "To all who meet set criteria"
        case .formula: "By formula"
        case .grantInAid: "Grant in aid"
        }
    }

    static func label(_ powers: Programme.Powers) -> String {
        switch powers {
        case .section31: "Section 31, Local Government Act 2003"
        case .section14: "Section 14, Education Act 2002"
        case .other: "Other powers"
        }
    }

    static func label(_ conditionality: Programme.Conditionality) -> String {
        switch conditionality {
        case .ringfenced: "Ringfenced: only for the purpose given"
        case .unringfenced: "Not ringfenced"
        case .agreement: "By grant agreement"
        }
    }

    static func label(_ advice: Programme.GrantAdvice) -> String {
        switch advice {
        case .notRequired: "Not required"
        case .considered: "Considered, and not referred"
        case .referred: "Referred, advice awaited"
        case .advised: "Advice received"
        }
    }

    static func label(_ test: Programme.ValueTest) -> String {
        switch test {
        case .a: "Local capacity to evaluate"
        case .b: "Better use of public money"
        case .c: "Good practice reaches others"
        case .d: "Better outcomes for children"
        }
    }

    static func label(_ risk: RiskLevel) -> String {
        switch risk {
        case .low: "Low"
        case .medium: "Medium"
        case .high: "High"
        }
    }

    static func label(_ kind: BudgetLine.Kind) -> String {
        switch kind {
        case .resource: "Day-to-day (resource)"
        case .capital: "Assets (capital)"
        }
    }

    static func label(_ subsidy: Approval.SubsidyControl) -> String {
        switch subsidy {
        case .notApplicable: "Not a subsidy"
        case .standalone: "A subsidy assessed on its own"
        case .minimalFinancialAssistance: "Minimal financial assistance, or for public services"
        case .scheme: "Under a subsidy scheme"
        }
    }

    static func label(_ kind: Approval.Kind) -> String {
        switch kind {
        case .award: "A first award"
        case .uplift: "More money for the same award"
        }
    }

    static func label(_ scorer: Criterion.Scorer) -> String {
        switch scorer {
        case .appraiser: "Appraisers"
        case .whatWorks: "Evaluation scorer (What Works)"
        }
    }

    /// What each score means, from 0.
    static let anchors = ["Absent", "Poor", "Weak", "Adequate", "Good", "Excellent"]

    /// `4, good`.
    static func score(_ value: Int?) -> String {
        guard let value else { return "Not scored" }
        return anchors.indices.contains(value) ? "\(value), \(anchors[value].lowercased())" : "\(value)"
    }
}
