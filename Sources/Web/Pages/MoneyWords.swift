import Domain

// How awards, claims and payments read on pages.

extension Words {
    static func tag(_ state: Award.State) -> Tag {
        switch state {
        case .drafting: Tag("Being drafted", .grey)
        case .qualityChecked: Tag("Checked, to be offered", .yellow)
        case .offered: Tag("Offered", .yellow)
        case .accepted: Tag("Accepted, to be signed", .yellow)
        case .declined: Tag("Declined", .red)
        case .expired: Tag("Offer ran out", .grey)
        case .signedDept: Tag("Signed by both", .lightBlue)
        case .active: Tag("In force", .green)
        case .suspended: Tag("Suspended", .orange)
        case .completed: Tag("Complete", .turquoise)
        case .closed: Tag("Closed", .grey)
        case .terminated: Tag("Ended early", .red)
        }
    }

    static func tag(_ state: Claim.State) -> Tag {
        switch state {
        case .draft: Tag("Draft", .grey)
        case .inCertification: Tag("With the certifier", .yellow)
        case .submitted: Tag("To be checked", .yellow)
        case .checking: Tag("Being checked", .lightBlue)
        case .queried: Tag("Question to the authority", .orange)
        case .verified: Tag("Verified", .turquoise)
        case .partVerified: Tag("Verified in part", .turquoise)
        case .rejected: Tag("Rejected", .red)
        case .approvedForPayment: Tag("Approved for payment", .purple)
        case .paymentBatch: Tag("On its way", .purple)
        case .paid: Tag("Paid", .green)
        case .reversed: Tag("Reversed", .red)
        }
    }

    static func tag(_ state: Variation.State) -> Tag {
        switch state {
        case .draft: Tag("Draft", .grey)
        case .submitted: Tag("To be assessed", .yellow)
        case .assessed: Tag("To be decided", .yellow)
        case .approved: Tag("Approved, to take effect", .lightBlue)
        case .rejected: Tag("Refused", .red)
        case .withdrawn: Tag("Withdrawn", .grey)
        case .inEffect: Tag("In effect", .green)
        }
    }

    static func tag(_ state: PaymentBatch.State) -> Tag {
        switch state {
        case .open: Tag("To be released", .yellow)
        case .released: Tag("Released", .lightBlue)
        case .paid: Tag("Paid", .green)
        case .cancelled: Tag("Cancelled", .grey)
        }
    }

    static func tag(_ status: Instalment.Status) -> Tag {
        switch status {
        case .planned: Tag("Planned", .grey)
        case .due: Tag("Due", .yellow)
        case .overdue: Tag("Overdue", .red)
        case .claimed: Tag("Claimed", .lightBlue)
        case .paid: Tag("Paid", .green)
        case .skipped: Tag("Not paid", .grey)
        }
    }

    static func label(_ instrument: Agreement.Instrument) -> String {
        switch instrument {
        case .section31: "Determination under section 31 of the Local Government Act 2003"
        case .fundingAgreement: "Grant funding agreement"
        }
    }

    static func label(_ frequency: Agreement.Frequency) -> String {
        switch frequency {
        case .monthly: "Monthly"
        case .quarterly: "Quarterly"
        case .yearly: "Yearly"
        case .milestone: "By milestone"
        case .lumpSum: "All at once"
        }
    }

    static func label(_ mode: Agreement.PaymentMode) -> String {
        switch mode {
        case .evidenceFirst: "In arrears: evidence of spending comes first"
        case .paymentRequestFirst: "In advance: payment comes first, for a reason"
        }
    }

    static func label(_ kind: Agreement.Condition.Kind) -> String {
        switch kind {
        case .precedent: "Before the first payment"
        case .ongoing: "Throughout"
        }
    }

    static func label(_ milestone: EvaluationMilestone) -> String {
        switch milestone {
        case .none: "Nothing"
        case .protocolApproved: "An approved protocol"
        case .interimReport: "The interim report"
        case .finalReportAccepted: "The accepted final report"
        }
    }

    static func label(_ kind: Variation.Kind) -> String {
        switch kind {
        case .moneyUp: "More money"
        case .dates: "Other dates"
        }
    }

    static func label(_ verdict: Claim.Verdict) -> String {
        switch verdict {
        case .allowed: "Allowed"
        case .disallowed: "Not allowed"
        }
    }
}

// MARK: What happened

extension Words {
    static func said(_ event: AwardEvent) -> String {
        switch event {
        case .draft: "Agreement begun"
        case .qualityCheck: "Agreement checked by a second officer"
        case .sendBack: "Sent back to its drafter"
        case .offer: "Offered to the authority"
        case .accept: "Accepted by the authority"
        case .decline: "Declined by the authority"
        case .expire: "The offer ran out"
        case .sign: "Signed by the department"
        case .activate: "Put into force"
        case .suspend: "Suspended"
        case .resume: "In force again"
        case .declareComplete: "Declared complete by the authority"
        case .complete: "Complete"
        case .reconcile: "Accounts reconciled"
        case .close: "Closed"
        case .terminate: "Ended early"
        }
    }

    static func said(_ event: VariationEvent) -> String {
        switch event {
        case .draft: "Variation begun"
        case .submit: "Asked for"
        case .assess: "Assessed"
        case .approve: "Approved"
        case .reject: "Refused"
        case .withdraw: "Withdrawn"
        case .takeEffect: "In effect, as a new version of the agreement"
        }
    }

    static func said(_ event: ClaimEvent) -> String {
        switch event {
        case .start: "Claim begun"
        case .sendForCertification: "Sent to a certifier"
        case .declineCertification: "Sent back by the certifier"
        case .submit: "Certified and submitted"
        case .beginCheck: "Check begun"
        case .query: "Question asked"
        case .answer: "Question answered"
        case .verify: "Verified"
        case .partVerify: "Verified in part"
        case .reject: "Rejected"
        case .sendBack: "Sent back to be checked again"
        case .approve: "Approved for payment"
        case .batch: "Put into a batch of payments"
        case .unbatch: "Taken out of a batch"
        case .pay: "Paid"
        case .requestReversal: "Reversal asked for"
        case .reverse: "Payment reversed"
        }
    }

    static func said(_ event: PaymentBatchEvent) -> String {
        switch event {
        case .assemble: "Put together"
        case .release: "Released"
        case .cancel: "Cancelled"
        case .confirm: "Payments confirmed"
        }
    }
}
