public import Domain
import Postgres

// What the department does with a return.

extension Returns {
    /// Takes a submitted return up for review.
    public func beginReview(_ actor: Actor, _ id: MonitoringReturnID, version: Int) async throws {
        try await rule(actor, id, version: version, .beginReview, .returnBeginReview)
    }

    /// Sends it back with what is asked about each field. The version that was submitted stays as it is.
    public func requestChanges(
        _ actor: Actor, _ id: MonitoringReturnID, version: Int, reason: String, comments: [ReturnComment]
    ) async throws {
        try Self.problems(comments).mustBeEmpty()
        try await rule(
            actor, id, version: version, .requestChanges, .returnRequestChanges, reason: reason, comments: comments)
    }

    /// Accepts it: its figures count from this moment.
    public func accept(_ actor: Actor, _ id: MonitoringReturnID, version: Int, once: IdempotencyKey? = nil) async throws
    {
        try await rule(actor, id, version: version, .accept, .returnAccept, once: once)
    }

    /// Accepts it and says what is not right about it.
    public func acceptWithIssues(
        _ actor: Actor, _ id: MonitoringReturnID, version: Int, issues: String, once: IdempotencyKey? = nil
    ) async throws {
        try await rule(actor, id, version: version, .acceptWithIssues, .returnAccept, reason: issues, once: once)
    }

    /// Opens an accepted return again. What was accepted counts until the new version is accepted; then both are
    /// kept, and what differs is recorded with this reason.
    public func reopen(
        _ actor: Actor, _ id: MonitoringReturnID, version: Int, reason: String, once: IdempotencyKey? = nil
    ) async throws {
        try await rule(actor, id, version: version, .reopen, .returnReopen, reason: reason, once: once)
    }

    /// Does without it; it counts as not due, and shows as waived.
    public func waive(
        _ actor: Actor, _ id: MonitoringReturnID, version: Int, reason: String, once: IdempotencyKey? = nil
    ) async throws {
        try await rule(actor, id, version: version, .waive, .returnWaive, reason: reason, once: once)
    }

    private func rule(
        _ actor: Actor, _ id: MonitoringReturnID, version: Int, _ event: MonitoringReturnEvent, _ action: Action,
        reason: String? = nil, comments: [ReturnComment] = [], once: IdempotencyKey? = nil
    ) async throws {
        struct Done: Codable, Sendable {}
        _ = try await platform.write("returns.rule", actor, on: .monitoringReturn(id), once: once) { tx, open in
            let (subject, found) = try tx.pipeline(open, ReturnStatements.lock(id).optional)
            let record = try found.orNotFound("monitoring return")
            let grant = try Self.authorise(action, record, subject)
            try version.mustEqual(record.subject.version, "monitoring return")
            let move = try Workflow.move(event, from: record.subject.state)
            if let reason { try Rules.reason(reason).enforce() }
            // Comments belong to a return under review; they go first.
            if !comments.isEmpty {
                tx.queue(
                    ReturnWritingStatements.insertComments(
                        id, number: record.subject.contentVersion, comments, by: subject.person
                    ).done)
            }
            tx.queue(ReturnWritingStatements.move(id, to: move.state, by: event, because: reason).done)
            Self.recordMove(
                tx, record, move, event, subject, actor, grant, reason: reason,
                detail: ["number": "\(record.subject.contentVersion)"])
            return Done()
        }
    }

    private static func problems(_ comments: [ReturnComment]) -> [FieldProblem] {
        comments.enumerated().compactMap { index, comment in
            let length = comment.comment.unicodeScalars.count
            return (1...2000).contains(length) && (1...100).contains(comment.field.unicodeScalars.count)
                ? nil
                : FieldProblem("comments.\(index).comment", "Enter a comment of 1 to 2,000 characters, or remove it.")
        }
    }
}
