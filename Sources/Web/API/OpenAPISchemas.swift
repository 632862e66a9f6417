/// What the API gives, for its description. Each name lists what is always there, and what kind it is.
enum OpenAPISchemas {
    private static func type(_ code: Character) -> JSON {
        func one(_ name: String) -> JSON { .object([("type", .text(name))]) }
        switch code {
        case "s": return one("string")
        case "S": return .object([("type", .array([.text("string"), .text("null")]))])
        case "i": return one("integer")
        case "b": return one("boolean")
        case "a": return one("array")
        case "O": return .object([("type", .array([.text("object"), .text("null")]))])
        default: return one("object")
        }
    }

    /// `"id:s version:i"`: names with their kinds. s text, S text or null, i whole number, b truth, a list, o object, O object or null.
    private static func object(_ line: String) -> JSON {
        let parts = line.split(separator: " ").map { $0.split(separator: ":") }.filter { $0.count == 2 }
        return .object([
            ("type", .text("object")), ("required", .list(parts) { .text(String($0[0])) }),
            ("properties", .object(parts.map { (String($0[0]), type($0[1].first ?? "o")) })),
        ])
    }

    private static let lines: [(String, String)] = [
        ("Created", "id:s"),
        ("Saved", "version:i"),
        ("Invitation", "id:s sentTo:s validForDays:i"),
        (
            "Me",
            "id:s name:s organisationId:s organisationName:s role:s capacities:a mayWrite:b hasSecondFactor:b steppedUpAt:S"
        ),
        ("Tasks", "items:a hasMore:b counts:a"),
        ("Sessions", "items:a next:S"),
        ("Token", "id:s token:s"),
        ("Proof", "token:S csrfToken:S"),
        ("Enrolment", "secret:s uri:s"),
        ("SecondFactor", "token:S csrfToken:S recoveryCodes:a"),
        ("RecoveryCodes", "recoveryCodes:a"),
        ("Capacities", "items:a next:S"),
        ("Settings", "items:a next:S"),
        ("PersonRow", "id:s name:s email:s organisationId:s organisationName:s role:s state:s capacities:a"),
        (
            "Person",
            "id:s name:s email:s organisationId:s organisationName:s role:s state:s version:i isContractor:b capacities:a delegations:a allowed:a"
        ),
        (
            "DelegationRow",
            "id:s personId:s personName:s tier:s limit:s from:s to:s state:s instrument:s proposedByName:S activatedByName:S version:i isValidToday:b"
        ),
        ("OrganisationRow", "id:s kind:s dfeCode:S name:s activeFrom:S activeTo:S region:S"),
        (
            "Organisation",
            "id:s kind:s dfeCode:S name:s activeFrom:S activeTo:S otherNames:a asAt:s facts:a history:a neighbours:a predecessors:a successors:a"
        ),
        ("Indicators", "items:a next:S"),
        ("ProgrammeRow", "id:s reference:s title:s state:s wholeLife:s rounds:i createdAt:s"),
        (
            "Programme",
            "id:s reference:s state:s version:i organisationId:s authorId:s authorName:s seniorOfficerName:S content:o problems:a budget:a rounds:a allowed:a"
        ),
        (
            "RoundRow",
            "id:s reference:s title:s programmeId:s programmeTitle:s state:s opensAt:S closesAt:S budget:S bids:i"
        ),
        (
            "Round",
            "id:s reference:s state:s version:i programmeId:s programmeTitle:s programmeReference:s authorName:s content:o problems:a allowed:a bidCounts:a bids:a awarded:s isOpen:b"
        ),
        (
            "BidRow",
            "id:s reference:s title:s state:s version:i requested:S organisationId:s organisationName:s roundId:s roundTitle:s closesAt:S updatedAt:s"
        ),
        (
            "Bid",
            "id:s reference:s title:s state:s version:i requested:S organisationId:s organisationName:s roundId:s roundReference:s roundTitle:s roundState:s closesAt:S contentVersion:i contentHash:S submittedAt:S reason:S updatedAt:s"
        ),
        ("BidSection", "bidId:s section:s version:i editedBy:S editedAt:S editable:b content:o problems:a"),
        ("BidContent", "bidId:s version:i isSubmitted:b sections:o problems:a"),
        (
            "SealedReading",
            "bidId:s reference:s state:s organisationName:s roundId:s roundTitle:s closesAt:S title:s reason:s sections:o"
        ),
        ("Findings", "items:a next:S"),
        ("Receipt", "reference:s number:i hash:s submittedAt:s certifiedBy:s"),
        ("ScoreSummary", "bidId:s total:s passes:b needsModeration:b criteria:a given:a"),
        ("AssignablePeople", "items:a next:S"),
        (
            "AppraisalRow",
            "id:s bidId:s bidReference:s bidTitle:s organisationName:s roundTitle:s appraiserId:s appraiserName:s kind:s dueOn:s state:s version:i"
        ),
        (
            "Appraisal",
            "id:s bidId:s bidReference:s bidTitle:s organisationName:s roundTitle:s appraiserId:s appraiserName:s kind:s dueOn:s state:s version:i criteria:a scores:a scoresVisible:b sections:o problems:a returnReason:S allowed:a isOwn:b"
        ),
        (
            "ApprovalRow",
            "id:s reference:s kind:s bidId:s bidReference:s bidTitle:s organisationName:s amount:s wholeLife:s state:s version:i preparerName:s createdAt:s lapsesAt:S"
        ),
        (
            "Approval",
            "id:s reference:s state:s version:i wholeLife:s contentHash:s content:o bid:o programmeTitle:s preparerName:s clearerName:S scores:O findings:a budget:a keys:a keysNeeded:i couldApprove:a otherAwards:a splitting:O allowed:a decisionReason:S decidedAt:S lapsesAt:S"
        ),
        ("ApprovalState", "state:s"),
        ("Notice", "id:s event:s subject:s body:s about:o createdAt:s"),
        ("History", "items:a next:S"),
        ("Reports", "items:a next:S"),
        (
            "Report",
            "code:s title:s question:s asAt:s filters:o columns:a rows:a numerator:i denominator:i excluded:i notes:a sqlHash:s"
        ),
    ]

    static let all: [(String, JSON)] = lines.map { ($0.0, object($0.1)) }

    /// The names there are, for the test that every route's answer has one.
    static let names = Set(lines.map(\.0))
}
