/// What the API gives, for its description. Each name lists what is always there, and what kind it is.
enum OpenAPISchemas {
    private static func type(_ code: Character) -> JSON {
        func one(_ name: String) -> JSON { .object([("type", .text(name))]) }
        switch code {
        case "s": return one("string")
        case "S": return .object([("type", .array([.text("string"), .text("null")]))])
        case "i": return one("integer")
        case "I": return .object([("type", .array([.text("integer"), .text("null")]))])
        case "b": return one("boolean")
        case "a": return one("array")
        case "O": return .object([("type", .array([.text("object"), .text("null")]))])
        default: return one("object")
        }
    }

    /// `"id:s version:i"`: names with their kinds. s text, S text or null, i whole number, I whole number or null, b truth, a list, o object, O object or null.
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
        (
            "AwardRow",
            "id:s reference:s title:s organisationName:s state:s version:i amount:s claimed:s paid:s updatedAt:s"
        ),
        (
            "Award",
            "id:s reference:s title:s state:s version:i bidId:s programmeId:s organisationName:s amount:s agreementHash:S position:o instalments:a balance:a conditions:a departures:a versions:a variations:a claims:a recoveries:a bank:O acceptBy:S reason:S allowed:a"
        ),
        (
            "Agreement",
            "awardId:s number:i version:i content:o document:o hash:S signedText:S problems:a editable:b"
        ),
        ("BankAccount", "id:s name:s sortCode:s account:s"),
        (
            "ClaimRow",
            "id:s reference:s awardId:s awardReference:s title:s organisationName:s position:i state:s version:i amount:S verified:S from:S to:S payBy:S updatedAt:s"
        ),
        (
            "Claim",
            "id:s reference:s awardId:s state:s version:i instalment:O content:o lines:a amount:S verified:S sampleSeed:S samplePercent:S problems:a query:S reason:S isReturnAccepted:b payments:a allowed:a"
        ),
        ("ClaimState", "state:s"),
        (
            "PaymentBatchRow",
            "id:s reference:s state:s version:i count:i total:s programmeTitle:s creatorName:s createdAt:s releasedAt:S paidAt:S"
        ),
        (
            "PaymentBatch",
            "id:s reference:s state:s version:i count:i total:s programmeTitle:s creatorName:s createdAt:s releasedAt:S paidAt:S payments:a exportHash:S allowed:a"
        ),
        ("PayableClaims", "items:a next:S"),
        ("PaymentConfirmation", "payments:i total:s wasKnown:b"),
        ("PaymentRelease", "exportHash:s"),
        (
            "Variation",
            "id:s reference:s awardId:s state:s version:i content:o changes:a problems:a assessment:S decisionReason:S decideBy:S isRetrospective:b uplifts:a allowed:a"
        ),
        (
            "ReturnRow",
            "id:s reference:s awardId:s awardTitle:s organisationName:s sequence:i from:s to:s due:s state:s version:i submittedAt:S lateDays:I isOverdue:b"
        ),
        (
            "Return",
            "id:s reference:s awardId:s organisationName:s sequence:i from:s to:s due:s state:s version:i contentVersion:i submittedAt:S lateDays:I isOverdue:b reason:S changesDue:S findings:a versions:a rulings:a comments:a restatements:a allowed:a"
        ),
        ("ReturnContent", "returnId:s number:i content:o figures:a findings:a"),
        (
            "ReturnSection",
            "returnId:s section:s version:i editedBy:S editedAt:S editable:b content:o findings:a comments:a comparisons:a"
        ),
        ("ReturnUpload", "applied:b changes:i messages:a"),
        ("ReturnTable", "indicatorCode:s name:s periods:a items:a rowTotals:a columnTotals:a withheld:i missing:i"),
        ("IndicatorDefinitions", "items:a next:S"),
        ("PublishedFigures", "definition:o period:S cohort:s pooled:O items:a"),
        ("AuthorityFigures", "organisationId:s name:s items:a"),
        (
            "EvaluationRow",
            "id:s reference:s title:s authorityName:s evaluatorName:S planId:S planState:S reportState:S registration:s protocolDue:s createdAt:s"
        ),
        (
            "Evaluation",
            "id:s reference:s title:s version:i bidId:s awardId:s authorityName:s evaluatorId:S evaluatorName:S contract:S isSelfEvaluation:b stage:S protocolDue:s reportDue:S plannedStart:S actualStart:S unblindedOn:S registration:s plan:O reports:a milestones:a"
        ),
        (
            "EvaluationPlan",
            "id:s reference:s state:s version:i evaluationId:s title:s authorityName:s evaluatorName:S submission:i approvedVersion:i commentDueOn:S reviewDueOn:S parts:a content:O problems:a warnings:a computedMDES:S draftChanges:a needsReview:b comments:a feedback:a decisionReason:S versions:a registrations:a allowed:a"
        ),
        ("PaperPart", "section:s title:s version:i editedAt:S isEditable:b content:o problems:a messages:a"),
        (
            "EvaluationReportRow", "id:s reference:s title:s kind:s state:s direction:S publishDue:S"
        ),
        (
            "EvaluationReport",
            "id:s reference:s kind:s title:s state:s version:i evaluationId:s planId:s authorityName:s evaluatorName:S submission:i publishedVersion:i direction:S parts:a content:O problems:a messages:a gaps:a computedDirection:S comments:a feedback:a decisionReason:S signedOffAt:S publishDue:S plannedOn:S publishedAt:S delays:a allowed:a"
        ),
        ("ReviewRow", "id:s reference:s kind:s title:s authorityName:s dueOn:s state:s isThird:b"),
        (
            "Review",
            "id:s reference:s kind:s state:s version:i submission:i dueOn:s title:s planId:S reportId:S reviewerName:S isOwn:b scoresVisible:b criteria:a anchors:a scores:a points:a content:O problems:a allowed:a"
        ),
        (
            "ReviewDesk",
            "kind:s reference:s title:s state:s version:i submission:i reviews:a score:S advice:s criteria:a agreement:o messages:a warnings:a candidates:a"
        ),
        ("ReviewDeskRows", "items:a next:S"),
        ("ReviewAgreement", "linear:o quadratic:o criteria:a"),
        ("Digest", "digest:s"),
        ("PracticeRow", "id:s reference:s name:s summary:s state:s originatorName:S rating:O"),
        (
            "Practice",
            "id:s reference:s state:s version:i publishedNumber:i publishedAt:S originatorName:S reason:S content:o rating:O ratings:a reports:a overdueReports:a awards:a decisions:a adoptions:a activities:a problems:a allowed:a"
        ),
        ("Activities", "items:a next:S"),
        ("RatingRow", "rating:o practiceId:s practiceName:s nextReviewOn:S"),
        (
            "Rating",
            "id:s reference:s practiceId:s practiceName:s number:i state:s version:i contentHash:S content:o replicated:b proposal:O proposerName:S agreedAt:S nextReviewOn:S reason:S reports:a votes:a quorum:i thresholds:a allowed:a"
        ),
        ("RatingState", "state:s"),
        (
            "RollOutDecisionRow",
            "id:s reference:s title:s practiceId:s practiceName:s state:s recommendation:S levelAtDecision:S evidenceChanged:b createdAt:s"
        ),
        (
            "RollOutDecision",
            "id:s reference:s practiceId:s practiceName:s programmeId:s programmeTitle:s state:s version:i content:o advice:o levelAtDecision:S shortfall:S pack:a packIsStale:b needsSecond:b decidedAt:S announcedAt:S reviewOn:S reviewedAt:S reviewOutcome:s reason:S evidenceChanged:b changes:a allowed:a"
        ),
        (
            "AdoptionRow",
            "id:s reference:s practiceId:s practiceName:s organisationId:s organisationName:s state:s since:s verified:S"
        ),
        (
            "Adoption",
            "id:s reference:s practiceId:s practiceName:s organisationId:s organisationName:s state:s version:i content:o since:s isVerified:b findings:a reason:S allowed:a"
        ),
        (
            "CapacityAssessmentRow",
            "id:s reference:s organisationName:s wave:s state:s dueOn:s createdAt:s certifiedAt:S"
        ),
        ("RegionalCapacity", "items:a next:S"),
        (
            "CapacityAssessment",
            "id:s reference:s organisationName:s wave:s state:s version:i rubricVersion:i dueOn:s context:o rubric:a own:a answers:a levels:a certifiedAt:S peerName:S moderationNote:s comparison:O allowed:a"
        ),
        (
            "FollowUpRow",
            "id:s reference:s awardTitle:s organisationName:s months:i state:s opensOn:s dueOn:s reminders:i running:S"
        ),
        (
            "FollowUp",
            "id:s reference:s awardId:s awardTitle:s organisationName:s months:i state:s version:i opensOn:s dueOn:s content:o indicators:a reminders:a answeredAt:S reason:S allowed:a"
        ),
        ("Chain", "start:o nodes:a edges:a"),
        ("Notice", "id:s event:s subject:s body:s about:o createdAt:s"),
        ("History", "items:a next:S"),
        ("Reports", "items:a next:S"),
        (
            "Report",
            "code:s title:s question:s asAt:s filters:o columns:a rows:a measure:s numerator:i denominator:i excluded:i notes:a sqlHash:s"
        ),
    ]

    static let all: [(String, JSON)] = lines.map { ($0.0, object($0.1)) }

    /// The names there are, for the test that every route's answer has one.
    static let names = Set(lines.map(\.0))
}
