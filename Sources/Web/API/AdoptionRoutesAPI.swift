import Domain
import FoundationEssentials
import Hummingbird
import Services

/// Adoption, capacity, follow-up, the chain, and what anybody may read.
extension RouteTable {
    static let adoptionAPI: [Route] =
        [
            .api(
                .get, "/adoptions", "listAdoptions", "The register of adoptions", .laAdoptionList,
                query: Route.Parameter.list + [
                    .init(name: "practice", about: "Only of this practice.", schema: .id),
                    .init(name: "organisation", about: "Only of this authority.", schema: .id),
                    .init(name: "state", about: "Only at this step.", schema: .codes(Adoption.State.self)),
                ], gives: .list("AdoptionRow")
            ) { call in
                let filter = AdoptionFilter(
                    practice: call.parameters.optional("practice").flatMap { PracticeID($0) },
                    organisation: call.parameters.optional("organisation").flatMap { OrganisationID($0) },
                    state: call.parameters.optional("state").flatMap { Adoption.State(rawValue: $0) })
                return call.rows(
                    try await call.core.adoptions.list(call.actor, page: call.list, filter: filter), \.json)
            },
            .api(
                .post, "/adoptions", "declareAdoption", "Say that the authority knows of a practice",
                .laAdoptionDeclare, body: EvidenceSchema.newAdoption,
                gives: .created("Created"), once: true
            ) { call in
                let id = try await call.core.adoptions.declare(
                    call.actor, try call.bodyID("practice"), try call.content(Adoption.Content.self, of: "content"),
                    once: call.once)
                return created("adoptions", id)
            },
            .api(
                .get, "/adoptions/{id}", "getAdoption", "An adoption, with what was said and found", .laAdoptionRead,
                gives: .one("Adoption")
            ) { call in
                let detail = try await call.core.adoptions.detail(call.actor, try call.id())
                return .json(detail.json, etag: detail.adoption.version)
            },
            .transition(
                "/adoptions/{id}/verification", "verifyAdoption", "Say that you found it so", .laAdoptionVerify,
                body: EvidenceSchema.note
            ) {
                try await $0.core.adoptions.verify($0.actor, try $0.id(), version: $0.version, note: $0.body("note"))
            },
        ]
        + [
            (AdoptionEvent.consider, "consideration", Domain.Action.laAdoptionConsider),
            (.pilot, "pilot", .laAdoptionPilot), (.adopt, "adoption", .laAdoptionAdopt),
            (.sustain, "sustaining", .laAdoptionSustain), (.confirm, "confirmation", .laAdoptionConfirm),
            (.stop, "stop", .laAdoptionStop),
            (.reject, "rejection", .laAdoptionReject), (.reconsider, "reconsideration", .laAdoptionReconsider),
        ].map { event, path, action in
            .transition(
                "/adoptions/{id}/\(path)", "\(event.rawValue)Adoption", Words.said(event), action,
                body: EvidenceSchema.step
            ) {
                try await $0.core.adoptions.move(
                    $0.actor, try $0.id(), event, version: $0.version,
                    try $0.content(Adoption.Content.self, of: "content"), reason: $0.optional("reason"))
            }
        }

    static let capacityAPI: [Route] = [
        .api(
            .get, "/capacity-assessments", "listCapacityAssessments", "By authority, the newest first within it",
            .capacityAssessmentList,
            query: Route.Parameter.list, gives: .list("CapacityAssessmentRow")
        ) { call in
            call.rows(try await call.core.capacityAssessments.list(call.actor, page: call.list), \.json)
        },
        .api(
            .get, "/regional-capacity", "listRegionalCapacity", "By region, from three authorities on",
            .capacityAssessmentList, gives: .one("RegionalCapacity")
        ) { call in
            .json(.items(try await call.core.capacityAssessments.regions(call.actor), \.json))
        },
        .api(
            .post, "/capacity-assessments", "openCapacityAssessment", "Open one unasked", .capacityAssessmentOpen,
            gives: .created("Created"), once: true
        ) { call in
            created("capacity-assessments", try await call.core.capacityAssessments.open(call.actor, once: call.once))
        },
        .api(
            .get, "/capacity-assessments/{id}", "getCapacityAssessment", "An assessment with its answers and levels",
            .capacityAssessmentRead,
            gives: .one("CapacityAssessment")
        ) { call in
            let detail = try await call.core.capacityAssessments.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.assessment.version)
        },
        .api(
            .post, "/capacity-assessments/{id}/answers", "answerCapacityAssessment", "Give your own view",
            .capacityAssessmentBegin,
            body: EvidenceSchema.capacityAnswers, gives: .one("Saved"), versioned: true
        ) { call in
            .saved(
                try await call.core.capacityAssessments.answer(
                    call.actor, try call.id(), version: call.version,
                    try call.content([CapacityAnswer].self, of: "answers"), team: call.body("team"),
                    context: try call.content(CapacityAssessment.Context.self, of: "context")))
        },
        .transition(
            "/capacity-assessments/{id}/certification", "certifyCapacityAssessment", "Certify the levels",
            .capacityAssessmentCertify, body: EvidenceSchema.certification
        ) {
            try await $0.core.capacityAssessments.certify(
                $0.actor, try $0.id(), version: $0.version, try $0.content([CapacityAnswer].self, of: "levels"))
        },
        .transition(
            "/capacity-assessments/{id}/peer", "askCapacityPeer", "Ask another authority to look",
            .capacityAssessmentReopen, body: EvidenceSchema.peer
        ) {
            try await $0.core.capacityAssessments.askPeer(
                $0.actor, try $0.id(), version: $0.version, try $0.bodyID("peer"))
        },
        .transition(
            "/capacity-assessments/{id}/reopening", "reopenCapacityAssessment", "Reopen", .capacityAssessmentReopen,
            body: FundSchema.reason
        ) {
            try await $0.core.capacityAssessments.move(
                $0.actor, try $0.id(), .reopen, version: $0.version, reason: $0.body("reason"))
        },
        .transition(
            "/capacity-assessments/{id}/moderation", "moderateCapacityAssessment", "Say what you found as a peer",
            .capacityAssessmentModerate, body: FundSchema.reason
        ) {
            try await $0.core.capacityAssessments.move(
                $0.actor, try $0.id(), .moderate, version: $0.version, reason: $0.body("reason"))
        },
        .transition("/capacity-assessments/{id}/lock", "lockCapacityAssessment", "Lock", .capacityAssessmentLock) {
            try await $0.core.capacityAssessments.move($0.actor, try $0.id(), .lock, version: $0.version)
        },
    ]

    static let followUpAPI: [Route] = [
        .api(
            .get, "/follow-ups", "listFollowUps", "Follow-ups, the first due first", .followUpList,
            query: Route.Parameter.list + [
                .init(name: "state", about: "Only in this state.", schema: .codes(FollowUp.State.self))
            ], gives: .list("FollowUpRow")
        ) { call in
            let state = call.parameters.optional("state").flatMap { FollowUp.State(rawValue: $0) }
            return call.rows(try await call.core.followUps.list(call.actor, page: call.list, state: state), \.json)
        },
        .api(
            .get, "/follow-ups/{id}", "getFollowUp", "A follow-up, with what is published already", .followUpRead,
            gives: .one("FollowUp")
        ) { call in
            let detail = try await call.core.followUps.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.followUp.version)
        },
        .transition(
            "/follow-ups/{id}/answer", "answerFollowUp", "Answer", .followUpAnswer, body: EvidenceSchema.followUp,
            once: true
        ) {
            try await $0.core.followUps.answer(
                $0.actor, try $0.id(), version: $0.version, try $0.followUp(), once: $0.once)
        },
        .transition("/follow-ups/{id}/acceptance", "acceptFollowUp", "Accept the answer", .followUpAccept) {
            try await $0.core.followUps.move($0.actor, try $0.id(), .accept, version: $0.version)
        },
        .transition(
            "/follow-ups/{id}/return", "returnFollowUp", "Send it back", .followUpReturn, body: FundSchema.reason
        ) {
            try await $0.core.followUps.move(
                $0.actor, try $0.id(), .sendBack, version: $0.version, reason: $0.body("reason"))
        },
    ]

    static let chainAPI: [Route] = [
        .api(
            .get, "/chain/{kind}/{id}", "getChain", "What led to a thing and what came of it", .chainRead,
            gives: .one("Chain")
        ) { call in
            let id: Identifier<ChainNode> = try call.id()
            return .json(try await call.core.chain.of(call.actor, kind: call.text("kind"), id: id.rawValue).json)
        }
    ]

    static let publicEvidenceAPI: [Route] = [
        .system("/api/v1/public/practices", "listPublicPractices", "Practices, alphabetically", face: .api) { call in
            let page = try await call.core.publicEvidence.practices(page: call.publicList)
            return .json(.object([("items", .list(page.rows, \.json)), ("next", .text(page.next))])).publicly
        },
        .system(
            "/api/v1/public/practices/{reference}", "getPublicPractice",
            "A practice with its ratings, decisions and adoptions", face: .api
        ) { call in
            let found = try await call.core.publicEvidence.practice(call.text("reference").uppercased())
            return .json(
                .object([
                    ("practice", found.practice.json), ("ratings", .list(found.ratings, \.json)),
                    ("decisions", .list(found.decisions, \.json)),
                    ("adoptions", .list(found.adoptions, \.json)),
                ])
            ).publicly
        },
        .system("/api/v1/public/ratings", "listPublicRatings", "Ratings in force", face: .api) { call in
            let (page, thresholds) = try await call.core.publicEvidence.ratings(page: call.publicList)
            return .json(
                .object([
                    ("items", .list(page.rows, \.json)), ("next", .text(page.next)),
                    ("thresholds", .list(thresholds, \.json)),
                ])
            ).publicly
        },
        .system("/api/v1/public/ratings/{reference}", "getPublicRating", "A rating", face: .api) { call in
            .json(try await call.core.publicEvidence.rating(call.text("reference").uppercased()).json).publicly
        },
        .system("/api/v1/public/decisions", "listPublicDecisions", "The decision log, newest first", face: .api) {
            call in
            let page = try await call.core.publicEvidence.decisions(page: call.publicList)
            return .json(.object([("items", .list(page.rows, \.json)), ("next", .text(page.next))])).publicly
        },
        .system(
            "/api/v1/public/decisions/{reference}", "getPublicDecision", "A decision with all that was on the table",
            face: .api
        ) { call in
            let (decision, pack) = try await call.core.publicEvidence.decision(call.text("reference").uppercased())
            return .json(.object([("decision", decision.json), ("pack", .list(pack, \.json))])).publicly
        },
        .system("/api/v1/public/search", "searchPublic", "Search the public record", face: .api) { call in
            .json(
                .items(
                    try await call.core.publicEvidence.search(call.request.uri.queryParameters.get("q") ?? ""), \.json)
            ).publicly
        },
    ]
}
