import Domain
import Foundation
import Postgres

@testable import Services

/// A stage where an award is in force and its first returns are open.
struct ReturnStage {
    let award: AwardStage
    /// In order.
    let returns: [MonitoringReturnID]

    var services: Touchstone { award.services }
    var first: MonitoringReturnID { returns[0] }

    static func run(_ body: (ReturnStage) async throws -> Void) async throws {
        try await AwardStage.runActive { award in
            try await award.stage.fund.tick()
            let ids: [MonitoringReturnID] = try await award.stage.test.value(
                "select array_agg(id order by sequence) from monitoring_return where award_id = \(award.award)")
            try await body(ReturnStage(award: award, returns: ids))
        }
    }

    func version(_ id: MonitoringReturnID) async throws -> Int {
        try await award.stage.test.value("select version from monitoring_return where id = \(id)")
    }

    func state(_ id: MonitoringReturnID) async throws -> MonitoringReturn.State {
        try await award.stage.test.value("select state from monitoring_return where id = \(id)")
    }

    /// A return that says everything, with this count for its first indicator.
    func content(_ id: MonitoringReturnID, numerator: Int = 22, spend: Int = 10_000) async throws -> ReturnContent {
        let view = try await services.returns.section(try award.editor, id, .outcomes)
        var content = ReturnContent()
        for (index, indicator) in view.indicators.enumerated() {
            var value = ReturnContent.Value(indicator.code)
            if indicator.hasCounts, index == 0 {
                (value.numerator, value.denominator) = ("\(numerator)", "100")
                value.confirmation = "Counted twice and so it is."
                value.comment = "As counted."
            } else {
                value.missingReason = .notYetAvailable
            }
            content.outcomes.values.append(value)
        }
        content.reach.peopleReached = 40
        content.spend.period = Money(pounds: spend)
        content.spend.toDate = Money(pounds: spend)
        content.spend.forecast = Money(pounds: 100_000)
        content.learning.evaluatorAccess = true
        return content
    }

    func save(_ id: MonitoringReturnID, _ content: ReturnContent) async throws {
        for section in ReturnSection.allCases {
            let view = try await services.returns.section(try award.editor, id, section)
            _ = try await services.returns.saveSection(
                try award.editor, id, section, content: content, version: view.version)
        }
    }

    func submitted(_ id: MonitoringReturnID, numerator: Int = 22) async throws {
        try await save(id, try await content(id, numerator: numerator))
        try await services.returns.sendForCertification(try award.editor, id, version: try await version(id))
        _ = try await services.returns.submit(
            try award.certifier, id, version: try await version(id), declarationVersion: ReturnDeclaration.version)
    }

    func accepted(_ id: MonitoringReturnID, numerator: Int = 22) async throws {
        try await submitted(id, numerator: numerator)
        try await services.returns.beginReview(try award.actor("officer"), id, version: try await version(id))
        try await services.returns.accept(try award.actor("officer"), id, version: try await version(id))
    }

    /// The first figure, as accepted at a moment.
    func figure(at: Instant) async throws -> String? {
        let view = try await services.returns.content(try award.actor("officer"), first, asAt: at)
        return view.indicators.first.flatMap { view.content.outcomes.value(of: $0.code).figure($0)?.description }
    }

    func now() async throws -> Instant { try await award.stage.test.value("select clock_timestamp()") }
}
