import Domain
import Services

/// How practices, ratings, decisions and adoptions read.
extension Words {
    static func tag(_ state: Practice.State) -> Tag {
        switch state {
        case .draft: Tag("Draft", .grey)
        case .wwChecked: Tag("Checked by What Works", .turquoise)
        case .published: Tag("Published", .green)
        case .underReview: Tag("Under review", .yellow)
        case .retired: Tag("Retired", .grey)
        }
    }

    static func tag(_ state: EvidenceRating.State) -> Tag {
        switch state {
        case .notRated: Tag("Not rated yet", .grey)
        case .proposed: Tag("Proposed", .lightBlue)
        case .panel: Tag("With the panel", .yellow)
        case .agreed: Tag("Agreed", .green)
        case .reviewNeeded: Tag("Review needed", .orange)
        case .superseded: Tag("Superseded", .grey)
        }
    }

    static func tag(_ state: AdoptionDecision.State) -> Tag {
        switch state {
        case .optionIdentified: Tag("Option identified", .grey)
        case .evidencePack: Tag("Evidence assembled", .lightBlue)
        case .recommended: Tag("Recommended", .yellow)
        case .approved: Tag("Approved", .turquoise)
        case .announced: Tag("Announced", .green)
        case .reviewed: Tag("Reviewed", .green)
        }
    }

    static func tag(_ state: Adoption.State) -> Tag {
        switch state {
        case .aware: Tag("Knows of it", .grey)
        case .considering: Tag("Considering", .lightBlue)
        case .adoptedPilot: Tag("Piloting", .turquoise)
        case .adoptedFull: Tag("Adopted", .green)
        case .sustained: Tag("Sustained", .green)
        case .stopped: Tag("Stopped", .orange)
        case .rejected: Tag("Decided against", .red)
        }
    }

    static func tag(_ state: CapacityAssessment.State) -> Tag {
        switch state {
        case .opened: Tag("Not started", .grey)
        case .inProgress: Tag("In progress", .lightBlue)
        case .certified: Tag("Certified", .green)
        case .moderated: Tag("Looked at by a peer", .green)
        case .locked: Tag("Locked", .grey)
        }
    }

    static func tag(_ state: FollowUp.State) -> Tag {
        switch state {
        case .scheduled: Tag("Opens later", .grey)
        case .open: Tag("Open", .lightBlue)
        case .returned: Tag("Answered", .yellow)
        case .accepted: Tag("Accepted", .green)
        case .noResponse: Tag("No response", .red)
        }
    }

    /// Who found an adoption so; in words also where nobody did.
    static func verified(_ verification: Adoption.Verification?) -> Tag {
        verification.map { Tag($0.label, .green) } ?? Tag("Self-declared", .grey)
    }

    static func label(_ source: Adoption.Source) -> String {
        switch source {
        case .event: "An event"
        case .guide: "A guide"
        case .webinar: "A webinar"
        case .siteVisit: "A site visit"
        case .peerSupport: "Another authority"
        case .publication: "A publication"
        case .other: "Something else"
        }
    }

    static func label(_ staff: FollowUp.Staff) -> String {
        switch staff {
        case .all: "All of them"
        case .most: "Most of them"
        case .some: "Some of them"
        case .none: "None of them"
        }
    }

    static func label(_ reason: FollowUp.Missing) -> String {
        switch reason {
        case .notYetAvailable: "Not yet available"
        case .tooFew: "Too few to report"
        case .systemChange: "System change"
        case .partnerNotSupplied: "Not supplied by a partner"
        case .notCollected: "Not collected"
        case .notApplicable: "Not applicable"
        case .refused: "Refused"
        }
    }

    /// `Level 3 · 5 of 5 for method · 4 padlocks`, or that nothing is rated.
    static func rating(level: EvidenceLevel?, sms: Int?, padlock: Int?) -> String {
        guard let level else { return "Not rated" }
        let parts = [
            "Level \(level.rawValue)", sms.map { "method \($0) of 5" }, padlock.map { count($0, "padlock") },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    static func said(_ event: PracticeEvent) -> String {
        switch event {
        case .create: "Card begun"
        case .check: "Checked by What Works"
        case .sendBack: "Sent back"
        case .publish: "Published"
        case .beginReview: "Taken under review"
        case .retire: "Retired"
        }
    }

    static func said(_ event: EvidenceRatingEvent) -> String {
        switch event {
        case .open: "Rating begun"
        case .propose: "Proposed"
        case .sendToPanel: "Sent to the panel"
        case .sendBack: "Sent back by the panel"
        case .agree: "Agreed by the panel"
        case .flag: "Review needed"
        case .supersede: "Superseded by a newer rating"
        }
    }

    static func said(_ event: AdoptionDecisionEvent) -> String {
        switch event {
        case .identify: "Option identified"
        case .assemble: "Evidence assembled"
        case .recommend: "Recommended"
        case .sendBack: "Sent back"
        case .approve: "Approved"
        case .announce: "Announced"
        case .review: "Reviewed"
        }
    }

    static func said(_ event: AdoptionEvent) -> String {
        switch event {
        case .declare: "Knows of it"
        case .consider: "Considering"
        case .pilot: "Pilot begun"
        case .adopt: "Adopted"
        case .sustain: "Sustained"
        case .confirm: "Confirmed"
        case .stop: "Stopped"
        case .reject: "Decided against"
        case .reconsider: "Considered again"
        }
    }

    static func said(_ event: CapacityAssessmentEvent) -> String {
        switch event {
        case .open: "Opened"
        case .begin: "First answers given"
        case .certify: "Certified"
        case .reopen: "Reopened"
        case .moderate: "Looked at by a peer"
        case .lock: "Locked"
        }
    }

    static func said(_ event: FollowUpEvent) -> String {
        switch event {
        case .schedule: "Scheduled"
        case .open: "Opened"
        case .answer: "Answered"
        case .sendBack: "Sent back"
        case .accept: "Accepted"
        case .giveUp: "No response after three reminders"
        }
    }

    /// A kind of thing in the chain.
    static func chained(_ kind: String) -> String {
        switch kind {
        case "bid": "Bid"
        case "award": "Award"
        case "evaluation": "Evaluation"
        case "evaluation_report": "Report"
        case "practice": "Practice"
        case "evidence_rating": "Rating"
        case "adoption_decision": "Roll-out decision"
        case "la_adoption": "Adoption"
        case "monitoring_return": "Monitoring return"
        case "follow_up": "Follow-up"
        case "outcome": "Outcomes"
        default: plain(kind)
        }
    }
}

extension Form.Reader {
    /// Lines of a text, blank ones left out.
    func lines(_ field: String) -> [String] {
        form[field].split(separator: "\n").map { $0.trimmingPrefix { $0.isWhitespace } }
            .map { String($0.reversed().drop { $0.isWhitespace }.reversed()) }.filter { !$0.isEmpty }
    }

    /// A share in per cent, such as 62.5, in hundredths.
    mutating func percent(_ field: String) -> Int? {
        guard let text = form.optional(field) else { return nil }
        guard let hundredths = Decimals.hundredths(text), hundredths <= 10_000 else {
            refuse(field, "Enter a share from 0 to 100, such as 62.5")
            return nil
        }
        return hundredths
    }
}

/// Parts that pages of evidence have in common.
enum EvidenceParts {
    /// Published reports as a table; null and negative ones like the others.
    static func reports(_ reports: [EvidenceReport], caption: String = "Published reports, whatever they found")
        -> any Markup
    {
        Component.Table(
            caption: caption,
            columns: [
                .init("Report"), .init("Result"), .init("Method", numeric: true), .init("Version", numeric: true),
                .init("Published"),
            ],
            rows: reports.map { report -> [any Markup] in
                [
                    Component.Link("\(report.reference): \(report.title)", "/public/reports/\(report.reference)"),
                    report.direction.map { Words.tag($0) as any Markup } ?? HTML(text: "–"),
                    HTML(text: report.sms.map { "\($0)" } ?? "–"), HTML(text: "\(report.version)"),
                    HTML(text: report.publishedAt?.londonDay.spoken ?? "–"),
                ]
            }, firstCellIsHeader: true, empty: "No report on it is published.")
    }

    /// Reports that are overdue, by title.
    static func overdue(_ reports: [OverdueReport]) -> [any Markup] {
        guard !reports.isEmpty else { return [] }
        return [
            Component.WarningText("\(Words.count(reports.count, "report")) on it should be public and is not."),
            Component.BulletList(reports.map { "\($0.title), due \($0.dueOn?.spoken ?? "on a day that is not set")" }),
        ]
    }

    /// What a level and the other figures mean, once for every page that shows them.
    static func meaning() -> any Markup {
        Component.Details(
            summary: "What the ratings mean",
            parts: [
                Component.Paragraph(
                    "A rating says how far the evidence can be trusted. It does not say how large an effect is: a study that finds no difference can be very secure."
                ),
                Component.SummaryList(EvidenceLevel.allCases.map { .init("Level \($0.rawValue)", $0.sentence) }),
                Component.Paragraph(
                    "Method, 1 to 5: 1 and 2 compare before and after, 3 has a comparison group, 4 is close to a randomised trial, 5 is a randomised trial, well done."
                ),
                Component.Paragraph(
                    "Padlocks, 0 to 5: the lowest of design, size and people lost, less what threatens the result."),
            ])
    }
}
