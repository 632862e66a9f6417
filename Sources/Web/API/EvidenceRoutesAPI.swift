import Domain
import FoundationEssentials
import Hummingbird
import Services

/// Practices, ratings and roll-out decisions.
extension RouteTable {
    static func created(_ path: String, _ id: some CustomStringConvertible) -> Response {
        .created("/api/v1/\(path)/\(id)", .object([("id", .of(id))]))
    }

    static let practiceAPI: [Route] =
        [
            .api(
                .get, "/practices", "listPractices", "Practices, alphabetically", .practiceList,
                query: Route.Parameter.list + [
                    .init(name: "search", about: "Words in it.", schema: .text(most: 200)),
                    .init(name: "state", about: "Only in this state.", schema: .codes(Practice.State.self)),
                ], gives: .list("PracticeRow")
            ) { call in
                let filter = PracticeFilter(
                    search: call.parameters.optional("search"),
                    state: call.parameters.optional("state").flatMap { Practice.State(rawValue: $0) })
                return call.rows(
                    try await call.core.practices.list(call.actor, page: call.list, filter: filter), \.json)
            },
            .api(
                .post, "/practices", "createPractice", "Describe a practice", .practiceCreate,
                body: EvidenceSchema.practice, gives: .created("Created"), once: true
            ) { call in
                created(
                    "practices",
                    try await call.core.practices.create(
                        call.actor, try call.content(Practice.Content.self), once: call.once))
            },
            .api(
                .get, "/practices/{id}", "getPractice", "A practice with all that is known about it", .practiceRead,
                gives: .one("Practice")
            ) { call in
                let detail = try await call.core.practices.detail(call.actor, try call.id())
                return .json(detail.json, etag: detail.practice.version)
            },
            .api(
                .put, "/practices/{id}", "savePractice", "Write the card", .practiceEdit, body: EvidenceSchema.practice,
                gives: .one("Saved"), versioned: true
            ) { call in
                .saved(
                    try await call.core.practices.save(
                        call.actor, try call.id(), version: call.version, try call.content(Practice.Content.self)))
            },
            .api(
                .post, "/practices/{id}/awards", "linkPractice", "Say that an award was part of it", .practiceLink,
                body: EvidenceSchema.link
            ) { call in
                guard let part = Practice.Part(rawValue: call.body("part")) else { throw WebRefusal.notFound }
                try await call.core.practices.link(call.actor, try call.id(), to: try call.bodyID("bid"), as: part)
                return .noContent()
            },
            .api(
                .post, "/practices/{id}/awards/end", "unlinkPractice", "End a link that was a mistake", .practiceLink,
                body: EvidenceSchema.unlink
            ) { call in
                try await call.core.practices.unlink(call.actor, try call.id(), from: try call.bodyID("bid"))
                return .noContent()
            },
            .api(
                .get, "/practices/{id}/activities", "listActivities", "What was done so that others hear of it",
                .disseminationList, gives: .one("Activities")
            ) { call in
                .json(.items(try await call.core.practices.detail(call.actor, try call.id()).activities, \.json))
            },
            .api(
                .post, "/practices/{id}/activities", "planActivity", "Plan something so that others hear of it",
                .disseminationRecord,
                body: EvidenceSchema.activity, gives: .created("Created"), once: true
            ) { call in
                guard let kind = DisseminationActivity.Kind(rawValue: call.body("kind")),
                    let day = call.day("plannedOn")
                else { throw WebRefusal.notFound }
                let practice: PracticeID = try call.id()
                let id = try await call.core.dissemination.plan(
                    call.actor, practice, kind, title: call.body("title"), on: day, once: call.once)
                return created("practices/\(practice)/activities", id)
            },
            .api(
                .post, "/practices/{id}/activities/delivery", "deliverActivity", "Record that it was done",
                .disseminationRecord, body: EvidenceSchema.delivery
            ) { call in
                guard let day = call.day("deliveredOn"), let cost = Money(call.body("cost")) else {
                    throw WebRefusal.notFound
                }
                try await call.core.dissemination.deliver(
                    call.actor, try call.bodyID("activity"), of: try call.id(), on: day,
                    attendance: call.json["attendance"]?.integer ?? 0, cost: cost,
                    reached: try call.content([OrganisationID].self, of: "reached"))
                return .noContent()
            },
            .api(
                .post, "/practices/{id}/activities/outcome", "recordActivityOutcome",
                "Record what those who were asked said", .disseminationRecord,
                body: EvidenceSchema.outcome
            ) { call in
                try await call.core.dissemination.outcome(
                    call.actor, try call.bodyID("activity"), of: try call.id(),
                    surveyed: call.json["surveyed"]?.integer ?? 0,
                    usingIt: call.json["usingIt"]?.integer ?? 0, note: call.body("note"))
                return .noContent()
            },
        ]
        + [
            (PracticeEvent.check, "check", "checkPractice", "Check it for What Works", Domain.Action.practiceCheck),
            (.publish, "publication", "publishPractice", "Publish it", .practicePublish),
            (.sendBack, "return", "returnPractice", "Send it back", .practiceReturn),
            (.beginReview, "review", "reviewPractice", "Take it under review", .practiceBeginReview),
            (.retire, "retirement", "retirePractice", "Retire it", .practiceRetire),
        ].map { event, path, operation, summary, action in
            let reasons = [PracticeEvent.sendBack, .beginReview, .retire].contains(event)
            return .transition(
                "/practices/{id}/\(path)", operation, summary, action, body: reasons ? FundSchema.reason : nil
            ) {
                try await $0.core.practices.move(
                    $0.actor, try $0.id(), event, version: $0.version, reason: reasons ? $0.body("reason") : nil)
            }
        }

    static let ratingAPI: [Route] = [
        .api(
            .get, "/ratings", "listRatings", "Ratings, those in hand first", .evidenceRatingList,
            query: Route.Parameter.list + [
                .init(name: "state", about: "Only in this state.", schema: .codes(EvidenceRating.State.self))
            ], gives: .list("RatingRow")
        ) { call in
            let state = call.parameters.optional("state").flatMap { EvidenceRating.State(rawValue: $0) }
            return call.rows(try await call.core.ratings.list(call.actor, page: call.list, state: state), \.json)
        },
        .api(
            .post, "/ratings", "openRating", "Begin a rating", .evidenceRatingOpen, body: EvidenceSchema.newRating,
            gives: .created("Created"), once: true
        ) { call in
            created(
                "ratings", try await call.core.ratings.open(call.actor, try call.bodyID("practice"), once: call.once))
        },
        .api(
            .get, "/ratings/{id}", "getRating", "A rating with what it rests on", .evidenceRatingRead,
            gives: .one("Rating")
        ) { call in
            let detail = try await call.core.ratings.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.rating.version)
        },
        .transition(
            "/ratings/{id}/proposal", "proposeRating", "Propose, on all reports that are published",
            .evidenceRatingPropose, body: EvidenceSchema.rating
        ) {
            try await $0.core.ratings.propose(
                $0.actor, try $0.id(), version: $0.version, try $0.content(EvidenceRating.Content.self))
        },
        .transition("/ratings/{id}/panel", "sendRatingToPanel", "Send it to the panel", .evidenceRatingSendToPanel) {
            try await $0.core.ratings.move($0.actor, try $0.id(), .sendToPanel, version: $0.version)
        },
        .api(
            .post, "/ratings/{id}/votes", "voteOnRating", "Vote on exactly what was read", .evidenceRatingAgree,
            body: EvidenceSchema.vote,
            gives: .one("RatingState"), versioned: true, once: true
        ) { call in
            let state = try await call.core.ratings.vote(
                call.actor, try call.id(), version: call.version, contentHash: call.body("contentHash"),
                agrees: call.json["agrees"]?.bool ?? false,
                note: call.body("note"), once: call.once)
            return .json(.object([("state", .code(state))]))
        },
        .transition(
            "/ratings/{id}/return", "returnRating", "Send it back to its proposer", .evidenceRatingReturn,
            body: FundSchema.reason
        ) {
            try await $0.core.ratings.move(
                $0.actor, try $0.id(), .sendBack, version: $0.version, reason: $0.body("reason"))
        },
        .transition(
            "/ratings/{id}/review", "flagRating", "Say that it needs review", .evidenceRatingFlag,
            body: FundSchema.reason
        ) {
            try await $0.core.ratings.move($0.actor, try $0.id(), .flag, version: $0.version, reason: $0.body("reason"))
        },
    ]

    static let rollOutAPI: [Route] =
        [
            .api(
                .get, "/roll-out-decisions", "listRollOutDecisions", "Roll-out decisions, newest first",
                .adoptionDecisionList,
                query: Route.Parameter.list + [
                    .init(name: "state", about: "Only in this state.", schema: .codes(AdoptionDecision.State.self))
                ],
                gives: .list("RollOutDecisionRow")
            ) { call in
                let state = call.parameters.optional("state").flatMap { AdoptionDecision.State(rawValue: $0) }
                return call.rows(
                    try await call.core.adoptionDecisions.list(call.actor, page: call.list, state: state), \.json)
            },
            .api(
                .post, "/roll-out-decisions", "identifyOption", "Put an option up for decision",
                .adoptionDecisionIdentify, body: EvidenceSchema.newDecision,
                gives: .created("Created"), once: true
            ) { call in
                let id = try await call.core.adoptionDecisions.identify(
                    call.actor, try call.bodyID("practice"), in: try call.bodyID("programme"),
                    try call.content(AdoptionDecision.Content.self, of: "content"),
                    once: call.once)
                return created("roll-out-decisions", id)
            },
            .api(
                .get, "/roll-out-decisions/{id}", "getRollOutDecision", "A decision with its evidence pack",
                .adoptionDecisionRead, gives: .one("RollOutDecision")
            ) { call in
                let detail = try await call.core.adoptionDecisions.detail(call.actor, try call.id())
                return .json(detail.json, etag: detail.decision.version)
            },
            .api(
                .put, "/roll-out-decisions/{id}", "saveOption", "Change what is asked", .adoptionDecisionAssemble,
                body: EvidenceSchema.decision,
                gives: .one("Saved"), versioned: true
            ) { call in
                .saved(
                    try await call.core.adoptionDecisions.save(
                        call.actor, try call.id(), version: call.version,
                        try call.content(AdoptionDecision.Content.self)))
            },
            .transition(
                "/roll-out-decisions/{id}/recommendation", "recommendRollOut", "Recommend, citing items of the pack",
                .adoptionDecisionRecommend,
                body: EvidenceSchema.advice, once: true
            ) {
                try await $0.core.adoptionDecisions.recommend(
                    $0.actor, try $0.id(), version: $0.version, try $0.content(AdoptionDecision.Advice.self),
                    once: $0.once)
            },
            .transition(
                "/roll-out-decisions/{id}/second", "secondRollOut", "Second the recommendation", .adoptionDecisionSecond
            ) {
                try await $0.core.adoptionDecisions.second($0.actor, try $0.id(), version: $0.version)
            },
        ]
        + [
            (
                AdoptionDecisionEvent.assemble, "pack", "assembleEvidence", "Assemble the evidence pack",
                Domain.Action.adoptionDecisionAssemble
            ),
            (.sendBack, "return", "returnRollOut", "Send it back", .adoptionDecisionReturn),
            (.approve, "approval", "approveRollOut", "Approve it", .adoptionDecisionApprove),
            (.announce, "announcement", "announceRollOut", "Announce it", .adoptionDecisionAnnounce),
            (.review, "review", "reviewRollOut", "Review it: say what was found", .adoptionDecisionReview),
        ].map { event, path, operation, summary, action in
            let reasons = event == .sendBack || event == .review
            return .transition(
                "/roll-out-decisions/{id}/\(path)", operation, summary, action, body: reasons ? FundSchema.reason : nil,
                once: event == .approve
            ) {
                try await $0.core.adoptionDecisions.move(
                    $0.actor, try $0.id(), event, version: $0.version, reason: reasons ? $0.body("reason") : nil,
                    once: $0.once)
            }
        }
}

extension Call {
    /// The answer to a follow-up. Where a figure comes from is worked out by the core, so it is not asked.
    func followUp() throws -> FollowUp.Content {
        guard case .object(let members) = json else { throw WebRefusal.notFound }
        let sourced = JSON.object(
            members.map { member -> JSON.Member in
                guard member.name == "values", case .array(let values) = member.value else { return member }
                return JSON.Member(
                    name: "values",
                    value: .array(
                        values.map { value in
                            guard case .object(let parts) = value else { return value }
                            return .object(parts + [JSON.Member(name: "source", value: .text("authority"))])
                        }))
            })
        do {
            return try JSONDecoder().decode(FollowUp.Content.self, from: Data(sourced.bytes))
        } catch {
            throw WebRefusal.malformed("body_not_acceptable", "The JSON does not have the form that is wanted.")
        }
    }
}
