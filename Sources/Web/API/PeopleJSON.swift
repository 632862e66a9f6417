import Domain
import FoundationEssentials
import Services

// How people, organisations and what is looked back on write themselves as JSON.

extension JSON {
    /// A whole list that does not page.
    static func items<Element>(_ elements: [Element], _ one: (Element) -> JSON) -> JSON {
        .object([("items", .list(elements, one)), ("next", .null)])
    }
}

extension Subject {
    var json: JSON {
        .object([
            ("id", .of(person)), ("name", .text(name)), ("organisationId", .of(organisation)),
            ("organisationName", .text(organisationName)), ("role", .code(role)),
            (
                "capacities",
                .list(capacities) { .object([("capacity", .code($0.capacity)), ("scope", $0.scope?.json ?? .null)]) }
            ),
            ("mayWrite", .flag(mayWrite)), ("hasSecondFactor", .flag(hasSecondFactor)),
            ("steppedUpAt", .of(steppedUpAt)),
        ])
    }
}

extension Home {
    var json: JSON {
        .object([
            (
                "items",
                .list(tasks) {
                    .object([
                        ("kind", .code($0.kind)), ("title", .text($0.title)), ("detail", .text($0.detail)),
                        ("about", $0.object.json),
                        ("dueAt", .of($0.due)), ("since", .of($0.since)),
                    ])
                }
            ),
            ("hasMore", .flag(hasMore)),
            (
                "counts",
                .list(counts) {
                    .object([("code", .text($0.code)), ("label", .text($0.label)), ("value", .int($0.value))])
                }
            ),
        ])
    }
}

extension ObjectReference {
    var json: JSON { .object([("kind", .text(kind)), ("id", .text(id?.uuidString.lowercased()))]) }
}

extension SessionView {
    var json: JSON {
        .object([
            ("id", .of(id)), ("label", .text(label)), ("scope", .code(scope)), ("createdAt", .of(createdAt)),
            ("lastSeenAt", .of(lastSeenAt)), ("expiresAt", .of(expiresAt)), ("isCurrent", .flag(isCurrent)),
        ])
    }
}

extension PersonRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("name", .text(name)), ("email", .text(email)), ("organisationId", .of(organisation)),
            ("organisationName", .text(organisationName)), ("role", .code(role)), ("state", .code(state)),
            ("capacities", .list(capacities) { .code($0) }),
        ])
    }
}

extension PersonDetail {
    var json: JSON {
        .object([
            ("id", .of(person.id)), ("name", .text(person.name)), ("email", .text(person.email)),
            ("organisationId", .of(person.organisation)), ("organisationName", .text(organisationName)),
            ("role", .code(person.role)), ("state", .code(person.state)), ("version", .int(person.version)),
            ("isContractor", .flag(isContractor)),
            (
                "capacities",
                .list(capacities, \.json)
            ),
            ("delegations", .list(delegations, \.json)), ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension CapacityRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("capacity", .code(capacity)), ("scope", scope?.json ?? .null), ("from", .of(validFrom)),
            ("to", .of(validTo)), ("trainingValidUntil", .of(trainingValidUntil)),
            ("grantedByName", .text(grantedByName)), ("endReason", .text(endReason)), ("version", .int(version)),
        ])
    }
}

extension DelegationRow {
    var json: JSON {
        .object([
            ("id", .of(delegation.id)), ("personId", .of(delegation.person)), ("personName", .text(personName)),
            ("tier", .text(delegation.tier)), ("limit", .money(delegation.limit)), ("from", .of(delegation.validFrom)),
            ("to", .of(delegation.validTo)), ("state", .code(delegation.state)), ("instrument", .text(instrument)),
            ("proposedByName", .text(proposedByName)), ("activatedByName", .text(activatedByName)),
            ("version", .int(version)),
            ("isValidToday", .flag(isValidToday)),
        ])
    }
}

extension OrganisationRow {
    var json: JSON { organisation.json(with: [("region", .text(region))]) }
}

extension Organisation {
    func json(with more: [(String, JSON)]) -> JSON {
        .object(
            [
                ("id", .of(id)), ("kind", .code(kind)), ("dfeCode", .text(dfeCode)), ("name", .text(name)),
                ("activeFrom", .of(activeFrom)), ("activeTo", .of(activeTo)),
            ] + more)
    }
}

extension OrganisationDetail {
    var json: JSON {
        func facts(_ rows: [OrganisationFactRow]) -> JSON {
            .list(rows) {
                .object([
                    ("fact", .code($0.fact)), ("value", .text($0.value)), ("from", .of($0.validFrom)),
                    ("until", .of($0.validTo)),
                    ("source", .text($0.source)), ("recordedAt", .of($0.recordedAt)),
                ])
            }
        }
        func links(_ rows: [OrganisationLink]) -> JSON {
            .list(rows) {
                .object([("id", .of($0.id)), ("name", .text($0.name)), ("effectiveOn", .of($0.effectiveOn))])
            }
        }
        return organisation.json(with: [
            ("otherNames", .list(otherNames) { .text($0) }), ("asAt", .of(asAt)), ("facts", facts(self.facts)),
            ("history", facts(history)), ("neighbours", links(neighbours)), ("predecessors", links(predecessors)),
            ("successors", links(successors)),
        ])
    }
}

extension Notice {
    var json: JSON {
        .object([
            ("id", .text(id.uuidString.lowercased())), ("event", .text(event)), ("subject", .text(subject)),
            ("body", .text(body)),
            ("about", object.json), ("createdAt", .of(createdAt)),
        ])
    }
}

extension HistoryEntry {
    var json: JSON {
        .object([
            ("at", .of(at)), ("personName", .text(personName)), ("event", .text(event)), ("from", .text(from)),
            ("to", .text(to)),
            ("reason", .text(reason)), ("version", .int(version)),
        ])
    }
}
