import Domain
import Postgres
import Schema
import Testing

@testable import Services

@Suite("Reference data")
struct ReferenceTests {
    @Test("153 live authorities with region, type and grade; loading again changes nothing")
    func idempotent() async throws {
        try await withFund { fund in
            let live: Int = try await fund.value(
                """
                select count(*) from public.organisation
                where kind = 'local_authority' and (active_to is null or public.london_today() < active_to)
                """)
            #expect(live == 153)
            let before: Int = try await fund.value("select count(*) from public.organisation_fact")
            let reports = try await ReferenceLoader(fund.operatorCore).load()
            #expect(
                reports.map(\.file) == [
                    "authorities", "lifetimes", "successors", "neighbours", "indicators", "indicator_versions",
                    "statistic_series", "return_rules", "bank_holidays",
                ])
            for report in reports {
                #expect(
                    !report.changedAnything, "\(report.file): \(report.added.prefix(3)) \(report.changed.prefix(3))")
                #expect(report.unchanged > 0)
            }
            #expect(try await fund.value("select count(*) from public.organisation_fact") == before)
            #expect(try await fund.value("select count(*) from public.reference_load", as: Int.self) == 9)
            #expect(try await fund.value("select count(*) from public.organisation_neighbour", as: Int.self) == 1530)
        }
    }

    @Test("scenario 9: a file that carries Barnsley's old code matches on 370, reports the change, makes no second one")
    func barnsley() async throws {
        try await withFund { fund in
            let text = try #require(Schema.reference("authorities")).text.replacing("E08000038", with: "E08000016")
            let old = Schema.Script(name: "authorities", bytes: Array(text.utf8))
            let count: Int = try await fund.value("select count(*) from public.organisation")
            let report = try #require(try await ReferenceLoader(fund.operatorCore).load([old]).first)
            #expect(report.added.isEmpty)
            #expect(
                report.gssChanges == [
                    .init(dfeCode: "370", name: "Barnsley", onRecord: "E08000038", inFile: "E08000016")
                ])
            #expect(try await fund.value("select count(*) from public.organisation") == count)
            let id = try await fund.authority("370")
            func code(_ day: String) async throws -> String {
                try await fund.value("select public.organisation_fact_at(\(id), 'gss_code', \(Day(day)))")
            }
            #expect(try await code("2025-04-30") == "E08000016")
            #expect(try await code("2025-05-01") == "E08000038")
        }
    }

    @Test("a grade that changed is a new dated fact; the old one stays")
    func newGrade() async throws {
        try await withFund { fund in
            let text = try #require(Schema.reference("authorities")).text.replacing(
                "01/01/2009,Outstanding,2024-03-18,807 394", with: "01/01/2009,Good,2026-03-18,807 394")
            let new = Schema.Script(name: "authorities", bytes: Array(text.utf8))
            let report = try #require(try await ReferenceLoader(fund.operatorCore).load([new]).first)
            #expect(report.changed.count == 1)
            #expect(report.changed.first?.before == "Outstanding")
            #expect(report.changed.first?.after == "Good")
            let id = try await fund.authority("805")
            func grade(_ day: String) async throws -> String {
                try await fund.value("select public.organisation_fact_at(\(id), 'ofsted_overall', \(Day(day)))")
            }
            #expect(try await grade("2026-03-17") == "Outstanding")
            #expect(try await grade("2026-03-18") == "Good")
        }
    }

    @Test("a file with an unknown code or without its columns loads nothing")
    func badFiles() async throws {
        try await withFund { fund in
            let loader = ReferenceLoader(fund.operatorCore)
            let wrong = Schema.Script(name: "authorities", bytes: Array("a,b\n1,2\n".utf8))
            await #expect(throws: Refusal.self) { try await loader.load([wrong]) }
            let lost = Schema.Script(
                name: "successors", bytes: Array("predecessor,successor,effective_on\n909,000,2023-04-01\n".utf8))
            let refusal = await #expect(throws: Refusal.self) { try await loader.load([lost]) }
            #expect(refusal?.code == "unknown_authority")
        }
    }

    @Test("an authority's page: facts of a day, neighbours, successors")
    func detail() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let actor = try await fund.actor(.programmeOfficer, in: department)
            let cumbria = try await fund.core.organisations.detail(actor, try await fund.authority("909"))
            #expect(cumbria.successors.map(\.name) == ["Cumberland", "Westmorland and Furness"])
            #expect(cumbria.organisation.activeTo == Day("2023-04-01"))
            let barnsley = try await fund.core.organisations.detail(actor, try await fund.authority("370"))
            #expect(barnsley.neighbours.count == 10)
            #expect(barnsley.facts.first { $0.fact == .gssCode }?.value == "E08000038")
            #expect(barnsley.facts.first { $0.fact == .laType }?.value == "MD")
            let page = try await fund.core.organisations.list(
                actor, page: PageRequest(size: 100), filter: .init(kind: .localAuthority, activeOnly: true))
            #expect(page.rows.count == 100)
            let rest = try await fund.core.organisations.list(
                actor, page: PageRequest(after: page.next, size: 100),
                filter: .init(kind: .localAuthority, activeOnly: true))
            #expect(rest.rows.count == 53)
            #expect(rest.next == nil)
            #expect(try await fund.core.organisations.indicators(actor).count > 40)
        }
    }
}
