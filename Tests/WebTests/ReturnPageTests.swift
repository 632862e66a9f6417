import Domain
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Postgres
import Testing

@testable import Services
@testable import Web

/// A return on pages alone, each act by the form of the page that asks; the same by the API; and sheets.
@Suite struct ReturnPageTests {
    private typealias Browser = MoneyPageTests.Browser

    private static func browsers(_ stage: ReturnStage, _ web: WebStage) async throws -> [String: Browser] {
        var browsers: [String: Browser] = [:]
        let authority = stage.award.bid.authority
        for (name, key) in [
            ("editor", "\(authority).editor"), ("certifier", "\(authority).certifier"), ("officer", "officer"),
            ("senior", "senior"),
        ] {
            browsers[name] = Browser(web: web, token: try await stage.award.stage.signedIn(key))
        }
        return browsers
    }

    /// A section's answers as its form holds them.
    private static func answers(_ section: ReturnSection, _ content: ReturnContent) -> [(String, String)] {
        let form = ReturnSectionForms.form(section, content)
        return form.names.map { ($0, form.raw($0)) }
    }

    private static func write(_ stage: ReturnStage, _ editor: Browser, _ content: ReturnContent) async throws {
        let address = "/returns/\(stage.first)"
        for section in ReturnSection.allCases {
            let answer = try await editor.act(
                "\(address)/sections/\(section.rawValue)", answers(section, content))
            #expect(answer.headers[.location]?.contains(address) == true)
        }
    }

    @Test("The whole path on pages: written, certified, sent back with a question, accepted, reopened")
    func journey() async throws {
        try await ReturnStage.run { stage in
            let content = try await stage.content(stage.first)
            try await WebStage.run(stage.services) { web in
                let people = try await Self.browsers(stage, web)
                let (editor, certifier) = (try #require(people["editor"]), try #require(people["certifier"]))
                let (officer, senior) = (try #require(people["officer"]), try #require(people["senior"]))
                let address = "/returns/\(stage.first)"
                #expect(try await editor.open("/returns").contains("Overdue"))
                #expect(try await editor.open("/").contains(address))
                _ = try await editor.open(address)
                try await Self.write(stage, editor, content)
                try await editor.act("\(address)/certification-request")
                #expect(try await certifier.open("/").contains(address))
                let unread = try await web.form(
                    "\(address)/submission", as: certifier.token,
                    Browser.hidden(
                        try #require(
                            Browser.form("\(address)/submission", in: try await certifier.open("\(address)/submission"))
                        )))
                #expect(unread.status.code == 422 && unread.text.contains("Confirm the declaration"))
                try await certifier.act("\(address)/submission", [("declaration", ReturnDeclaration.version)])
                try await officer.act("\(address)/review")
                let asked: [(String, String)] = [
                    ("comments.0.field", "reach.section"), ("comments.0.comment", "Is this everybody?"),
                    ("reason", "Please look at the count of people again."),
                ]
                try await officer.act("\(address)/changes", asked)
                #expect(try await editor.open("\(address)/sections/reach").contains("Is this everybody?"))
                var second = content
                second.reach.peopleReached = 41
                try await editor.act("\(address)/sections/reach", Self.answers(.reach, second))
                try await editor.act("\(address)/certification-request")
                try await certifier.act("\(address)/submission", [("declaration", ReturnDeclaration.version)])
                try await officer.act("\(address)/review")
                try await officer.act("\(address)/acceptance")
                #expect(try await stage.state(stage.first) == .accepted)
                try await senior.act("\(address)/reopening", [("reason", "A school was counted twice in it.")])
                for person in [editor, certifier, officer, senior] {
                    _ = try await person.open(address)
                    _ = try await person.open("\(address)/content?number=2")
                    _ = try await person.open("/returns?overdue=yes")
                    _ = try await person.open("/indicators")
                }
            }
        }
    }

    @Test("Two editors of one section: the second is shown both versions, and nothing is lost")
    func conflict() async throws {
        try await ReturnStage.run { stage in
            try await WebStage.run(stage.services) { web in
                let people = try await Self.browsers(stage, web)
                let editor = try #require(people["editor"])
                let path = "/returns/\(stage.first)/sections/reach"
                let form = try #require(Browser.form(path, in: try await editor.open(path)))
                try await editor.act(path, [("reach.peopleReached", "17")])
                let late = try await web.form(
                    path, as: editor.token, Browser.hidden(form) + [("reach.peopleReached", "23")])
                #expect(late.text.contains("Somebody else saved this section"))
                #expect(late.text.contains("17") && late.text.contains("value=\"23\""))
                let unread = try await web.form(
                    path, as: editor.token,
                    Browser.hidden(try #require(Browser.form(path, in: try await editor.open(path))))
                        + [("reach.peopleReached", "many <b>")])
                #expect(unread.status.code == 422 && unread.text.contains("many &lt;b&gt;"))
            }
        }
    }

    /// A file as a browser sends it.
    private static func send(
        _ web: WebStage, _ path: String, as token: String, _ fields: [(String, String)], file: String
    ) async throws -> TestResponse {
        let mark = "----touchstone"
        var body = ""
        for (name, value) in fields + [("_csrf", CSRF.token(session: token))] {
            body += "--\(mark)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        body += "--\(mark)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"return.csv\"\r\n"
        body += "Content-Type: text/csv\r\n\r\n\(file)\r\n--\(mark)--\r\n"
        return try await web.send(
            .post, path, as: .cookie(token), headers: [("Content-Type", "multipart/form-data; boundary=\(mark)")],
            body: body)
    }

    @Test("A sheet on pages: downloaded, filled in, checked, taken; one sentence per cause")
    func sheet() async throws {
        try await ReturnStage.run { stage in
            let content = try await stage.content(stage.first)
            let indicators = try await stage.services.returns.section(try stage.award.editor, stage.first, .outcomes)
                .indicators
            try await WebStage.run(stage.services) { web in
                let people = try await Self.browsers(stage, web)
                let editor = try #require(people["editor"])
                let address = "/returns/\(stage.first)"
                let template = try await web.send(.get, "\(address)/template", as: .cookie(editor.token))
                #expect(template.headers[.contentType]?.hasPrefix("text/csv") == true)
                #expect(template.headers[.contentDisposition]?.contains("attachment") == true)
                let detail = try await stage.services.returns.detail(try stage.award.editor, stage.first)
                let sheet = ReturnSheet(reference: detail.subject.reference, content: content, indicators: indicators)
                    .csv
                _ = try await editor.open("\(address)/upload")
                let path = "\(address)/upload"
                let dry = try await Self.send(web, path, as: editor.token, [], file: sheet)
                #expect(dry.status == .ok && dry.text.contains("The file can be read"), "\(dry.status)")
                #expect(try await stage.state(stage.first) == .open)
                let bad = try await Self.send(
                    web, path, as: editor.token, [("take", "yes")], file: sheet.replacing(",40\r\n", with: ",=1+1\r\n"))
                #expect(bad.text.contains("Nothing was taken") && bad.text.contains("Cannot be read"))
                #expect(try await stage.state(stage.first) == .open)
                let taken = try await Self.send(web, path, as: editor.token, [("take", "yes")], file: sheet)
                #expect(taken.status == .seeOther)
                #expect(try await stage.state(stage.first) == .inProgress)
                let none = try await web.form(path, as: editor.token, [])
                #expect(none.status.code == 422 && none.text.contains("Choose the CSV file"))
                let forged = try await web.send(
                    .post, path, as: .cookie(editor.token),
                    headers: [("Content-Type", "multipart/form-data; boundary=x")],
                    body: "--x\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\nnone\r\n--x--\r\n")
                #expect(forged.status.code == 403)
            }
        }
    }

    @Test("Published figures on pages and in CSV: a letter where nothing is published, never nought")
    func figures() async throws {
        try await ReturnStage.run { stage in
            let load = Identifier<StatisticsReport>.fresh()
            let indicator = "REREF"
            try await stage.award.stage.test.sql(
                """
                insert into statistics_load (id, file, format, sha256, rows_read, figures, added, changed, unchanged, suppressed, unmatched, diff)
                values (\(load), 'x', 'c1', sha256('x'), 1, 1, 1, 0, 0, 0, 0, '{}')
                """)
            try await stage.award.stage.test.sql(
                """
                insert into statistic (load_id, format, indicator_code, period, geography, area_code, organisation_id, value_text, status, line)
                select \(load), 'c1', \(indicator), '2025', 'authority', o.dfe_code, o.id, 'c', 'suppressed', 2
                from organisation o where o.dfe_code = \(stage.award.bid.authority)
                """)
            try await WebStage.run(stage.services) { web in
                let people = try await Self.browsers(stage, web)
                let officer = try #require(people["officer"])
                let page = try await officer.open("/indicators/\(indicator)")
                #expect(page.contains(">c<") && page.contains("Suppressed, because"), "a letter and what it means")
                let csv = try await web.send(.get, "/indicators/\(indicator)/csv", as: .cookie(officer.token))
                #expect(csv.text.contains(",c,suppressed,"), "\(csv.text)")
                _ = try await officer.open("/indicators/\(indicator)/returns")
                let organisation: OrganisationID = try await stage.award.stage.test.value(
                    "select id from organisation where dfe_code = \(stage.award.bid.authority)")
                #expect(try await officer.open("/organisations/\(organisation)/figures").contains(">c<"))
                #expect(try await web.send(.get, "/indicators/NOSUCH", as: .cookie(officer.token)).status == .notFound)
            }
        }
    }

    @Test("The API: a section with its version, a stale one refused, and small counts as letters")
    func api() async throws {
        try await ReturnStage.run { stage in
            try await stage.accepted(stage.first, numerator: 3)
            let second = stage.returns[1]
            try await WebStage.run(stage.services) { web in
                let people = try await Self.browsers(stage, web)
                let (editor, officer) = (try #require(people["editor"]), try #require(people["officer"]))
                let path = "/api/v1/returns/\(second)/sections/reach"
                let read = try await web.call(.get, path, as: editor.token)
                #expect(read.status == .ok, "\(read.text)")
                let tag = try #require(read.headers[.eTag])
                let body =
                    #"{"peopleReached":12,"ofWhichTarget":null,"sitesLive":null,"staffTrained":null,"fidelityPercent":null}"#
                let saved = try await web.call(.put, path, as: editor.token, json: body, ifMatch: tag)
                #expect(saved.status == .ok, "\(saved.text)")
                #expect(try await web.call(.put, path, as: editor.token, json: body, ifMatch: tag).status.code == 412)
                #expect(try await web.call(.put, path, as: editor.token, json: body).status.code == 428)
                #expect(try await web.call(.get, path, as: officer.token).status == .notFound, "a draft")
                let content = try await stage.services.returns.content(try stage.award.actor("officer"), stage.first)
                let code = try #require(content.indicators.first?.code)
                let table = try await web.call(.get, "/api/v1/indicators/\(code)/returns", as: officer.token)
                #expect(table.status == .ok && table.text.contains("\"c\""), "\(table.text)")
                let csv = try await web.send(.get, "/indicators/\(code)/returns/csv", as: .cookie(officer.token))
                #expect(csv.text.contains(",c") && !csv.text.contains(",3"), "\(csv.text)")
                let list = try await web.call(.get, "/api/v1/returns", as: officer.token)
                #expect(list.status == .ok && list.text.contains(stage.first.description))
            }
        }
    }

    @Test(
        "Hostile multipart bodies are refused as unreadable, and never trap",
        arguments: [
            "", "--", "--b", "--b\r\n", "--b--", "--b\r\n\r\n", "--b\r\n\r\n\r\n--b--", "x--b\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n",
            "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\u{0}y\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n--b\r\n\r\nx\r\n--b--",
        ])
    func hostile(body: String) {
        for boundary in ["b", String(repeating: "b", count: 71), ""] {
            if let form = try? Form(multipart: Array(body.utf8), boundary: boundary) {
                #expect(body == "--b--" && form.names.isEmpty)
            }
        }
    }

    @Test("Texts, files and what looks like a boundary are read as they were sent")
    func multipart() throws {
        let body =
            "--b\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\nx\r\ny\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n"
            + "--b\r\ncontent-disposition: form-data; name=\"data\"; filename=\"x.csv\"\r\nContent-Type: text/csv\r\n\r\n--bb\r\n\r\n--b--\r\n"
        let form = try Form(multipart: Array(body.utf8), boundary: "b")
        #expect(form["a\"b"] == "x\ny")
        #expect(form.file("file") == nil, "nothing was chosen")
        #expect(form.file("data").map { String(decoding: $0, as: UTF8.self) } == "--bb\r\n")
        var bytes = Array("--b\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n".utf8)
        bytes += [0xFF, 0xFE] + Array("\r\n--b--".utf8)
        #expect(throws: WebRefusal.self) { try Form(multipart: bytes, boundary: "b") }
        let many =
            String(repeating: "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n", count: 9) + "--b--"
        #expect(throws: WebRefusal.self) { try Form(multipart: Array(many.utf8), boundary: "b", most: 5) }
    }
}
