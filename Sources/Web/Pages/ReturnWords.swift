import Domain

// How monitoring returns and published figures read on pages.

extension Words {
    static func tag(_ state: MonitoringReturn.State) -> Tag {
        switch state {
        case .scheduled: Tag("Not open yet", .grey)
        case .open: Tag("Open", .blue)
        case .inProgress: Tag("Being written", .lightBlue)
        case .inCertification: Tag("With the certifier", .yellow)
        case .submitted: Tag("To be reviewed", .yellow)
        case .underReview: Tag("Being reviewed", .lightBlue)
        case .changesRequested: Tag("Changes asked for", .orange)
        case .accepted: Tag("Accepted", .green)
        case .acceptedWithIssues: Tag("Accepted with issues", .turquoise)
        case .reopened: Tag("Reopened", .orange)
        case .waived: Tag("Waived", .grey)
        }
    }

    static func said(_ event: MonitoringReturnEvent) -> String {
        switch event {
        case .plan: "Planned"
        case .open: "Opened"
        case .begin: "Begun"
        case .sendForCertification: "Sent for certification"
        case .declineCertification: "Sent back by the certifier"
        case .submit: "Certified and submitted"
        case .beginReview: "Review begun"
        case .requestChanges: "Changes asked for"
        case .accept: "Accepted"
        case .acceptWithIssues: "Accepted with issues"
        case .resume: "Taken up again"
        case .reopen: "Reopened"
        case .waive: "Waived"
        }
    }

    static func title(_ section: ReturnSection) -> String {
        switch section {
        case .outcomes: "Outcomes"
        case .reach: "People reached"
        case .spend: "Spend"
        case .milestones: "Milestones"
        case .risks: "Risks"
        case .learning: "Learning and evaluation"
        }
    }

    static func title(_ rating: ReturnContent.Rating) -> String {
        switch rating {
        case .red: "Red: needs action"
        case .amber: "Amber: needs watching"
        case .green: "Green: on track"
        }
    }

    static func ruling(_ code: String) -> String {
        MonitoringReturn.State(rawValue: code).map { tag($0).text } ?? plain(code)
    }

    static func cohort(_ code: String) -> String {
        switch code {
        case "CIN": "children in need"
        case "CPP": "children on a protection plan"
        case "CLA": "looked-after children"
        default: "all"
        }
    }

    static func geography(_ code: String) -> String {
        switch code {
        case "authority": "Authority"
        case "joint": "Authorities that publish together"
        case "region": "Region"
        default: "Country"
        }
    }
}
