// What each clause says. The words are this product's own; figures and names come from the agreement's content.

extension Agreement {
    /// The text of one clause.
    func blocks(_ clause: Clause, _ parties: AgreementParties) -> [AgreementDocument.Block] {
        switch clause {
        case .durationAndPurpose: durationAndPurpose(parties)
        case .payment: payment
        case .eligibleExpenditure: eligibleExpenditure
        case .annualReview:
            [
                .paragraph(
                    "At least once a year the funder and the recipient review spending against what was delivered. The funder then decides to continue, to change or to end the funding, and tells the recipient why."
                )
            ]
        case .monitoring: monitoring(parties)
        case .audit:
            [
                .paragraph(
                    "The recipient keeps the records of all spending for six years after the last payment and opens them to the funder, to its auditors and to the National Audit Office. Its chief executive or section 151 officer certifies each claim."
                )
            ]
        case .fraud:
            [
                .paragraph(
                    "The recipient reports any suspected fraud or irregularity that touches the grant as soon as it knows of it. The funder may suspend payments at once."
                )
            ]
        case .conflicts:
            [
                .paragraph(
                    "Nobody who could gain from a decision about the grant takes part in it. The recipient keeps a register of interests and shows it when asked."
                )
            ]
        case .evaluation: evaluation
        case .dataAccess:
            [
                .paragraph(
                    "The recipient gives the evaluator the data that the approved protocol names, under an agreement on data protection, from before the first participant joins until the final report is accepted."
                )
            ]
        case .publication:
            [
                .paragraph(
                    "The protocol and every report of the evaluation are published, whatever they find. Publication can be delayed for a coded reason; it cannot be withheld. The recipient may comment on facts."
                )
            ]
        case .clawback:
            [
                .paragraph(
                    "If a condition is not kept, the funder may withhold, reduce or suspend payments, and may require money to be paid back that was spent on something else, or not spent by the end of the period."
                )
            ]
        case .novation:
            [
                .paragraph(
                    "If the recipient is abolished, merged or replaced, this agreement passes to its successor when the funder agrees in writing. What was reported before stays with the body that reported it."
                )
            ]
        }
    }

    private func durationAndPurpose(_ parties: AgreementParties) -> [AgreementDocument.Block] {
        let from = starts?.spoken ?? ""
        let to = ends?.spoken ?? ""
        var blocks: [AgreementDocument.Block] = [
            .paragraph(purpose),
            .paragraph("Spending counts from \(from) to \(to), both days included."),
        ]
        if !retrospectiveApproval.isEmpty {
            blocks.append(
                .paragraph("Spending before signature counts by decision \(retrospectiveApproval)."))
        }
        return blocks
    }

    private var payment: [AgreementDocument.Block] {
        let order =
            mode == .paymentRequestFirst
            ? "Money is paid on request, before it is spent, because: \(advanceReason)"
            : "Money is paid in arrears, against a certified claim with its evidence."
        return [
            .paragraph("The grant is at most \(maximum?.description ?? ""). \(order)"),
            .paragraph(
                "Each instalment is paid within 30 days of the claim's verification, once the monitoring return for its period is accepted and the evaluation has reached the milestone that the schedule names."
            ),
            .paragraph(
                "No instalment after the first is paid without a current, approved evaluation protocol. An amendment that needs a new review stops payments until it is approved."
            ),
        ]
    }

    private var eligibleExpenditure: [AgreementDocument.Block] {
        [
            .paragraph("The grant may be spent on these kinds of cost:"),
            .points(categories.map(\.title)),
            .paragraph("It may not be spent on: \(ineligible)"),
        ]
    }

    private func monitoring(_ parties: AgreementParties) -> [AgreementDocument.Block] {
        [
            .paragraph(
                "The recipient sends a monitoring return for each period, certified by somebody who did not write it, with the value of each of these indicators or a coded reason for its absence:"
            ),
            .points(indicators.map { code in parties.indicators[code].map { "\($0) (\(code))" } ?? code }),
        ]
    }

    private var evaluation: [AgreementDocument.Block] {
        let money =
            evaluationBudget.map {
                $0 > .zero ? " Of the grant, \($0) is for the evaluation and for nothing else." : ""
            }
            ?? ""
        return [
            .paragraph(
                "The project is evaluated by an evaluator who is independent of the recipient.\(money) The evaluator's protocol is reviewed by two reviewers of the What Works side and is due within 90 days of the start."
            ),
            .paragraph(
                "Instalments wait for the evaluation as the schedule says. This is a condition of the money, not a request."
            ),
        ]
    }
}

extension BidContent.CostLine.Category {
    /// As documents name it.
    public var title: String {
        switch self {
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
}
