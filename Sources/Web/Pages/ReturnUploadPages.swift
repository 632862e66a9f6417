import Domain
import Hummingbird
import Services

/// A return as a sheet: downloaded, filled in elsewhere, checked, and taken into the draft.
enum ReturnUploadPages {
    static let routes: [Route] = [
        .page("/returns/{id}/template", "returnTemplatePage", "The sheet of a return", .returnRead, template),
        .page("/returns/{id}/upload", "returnUploadPage", "Upload a sheet", .returnEdit, show),
        .page(.post, "/returns/{id}/upload", "returnUploadForm", "Upload a sheet", .returnEdit, send),
    ]

    @Sendable static func template(_ visit: Visit) async throws -> Response {
        let (name, csv) = try await visit.core.returns.template(visit.actor, try visit.id())
        return .download(csv, type: "text/csv; charset=utf-8; header=present", name: name)
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.returns.detail(visit.actor, try visit.id())
        guard detail.editable else { return visit.redirect("/returns/\(detail.subject.id)") }
        return visit.page(page(visit, detail, nil, []))
    }

    @Sendable static func send(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.returns.detail(visit.actor, try visit.id())
        return try await visit.submit {
            guard let file = visit.form.file("file") else {
                throw Refusal.invalid([FieldProblem("file", "Choose the CSV file to upload")])
            }
            let upload = try await visit.core.returns.upload(
                visit.actor, detail.subject.id, file: file, dryRun: !visit.form.has("take"))
            if upload.applied { return visit.redirect("/returns/\(detail.subject.id)", done: .returnUploaded) }
            return visit.page(page(visit, detail, upload, []))
        } orShow: { refusal in
            page(visit, detail, nil, refusal.problems)
        }
    }

    private static func page(
        _ visit: Visit, _ detail: ReturnDetail, _ upload: ReturnUpload?, _ problems: [FieldProblem]
    ) -> Page {
        let back = "/returns/\(detail.subject.id)"
        let post = PostForm(
            action: "\(back)/upload", csrf: visit.csrf,
            content: [
                Component.FileUpload(
                    name: "file", label: "CSV file", hint: "The filled-in sheet of this return, saved as CSV UTF-8.",
                    error: problems.first { $0.field == "file" }?.sentence, labelSize: .small),
                Component.ButtonGroup(
                    Component.Button("Check the file"),
                    Component.Button("Take the answers", style: .secondary, name: "take", value: "yes"),
                    Component.Link("Cancel", back)),
            ], takesFiles: true)
        return Page(
            "Upload a sheet", caption: ReturnPages.caption(detail.row), back: back, problems: problems, wide: true,
            report(upload) + [
                Component.BulletList([
                    Component.Link("Download the sheet of this return", "\(back)/template", isDownload: true),
                    HTML(text: "Fill in the column “answer” and leave the others as they are."),
                    HTML(text: "Check the file first: nothing is changed until you take the answers."),
                ]),
                Component.InsetText("Taking the answers replaces what is in the draft, section by section."), post,
            ])
    }

    private static func report(_ upload: ReturnUpload?) -> [any Markup] {
        guard let upload else { return [] }
        let unreadable = upload.messages.filter { $0.kind == .unreadable }
        let head: any Markup =
            unreadable.isEmpty
            ? Component.InsetText(
                "The file can be read. \(Words.count(upload.changes, "section")) would change. Choose it again and take the answers."
            )
            : Component.WarningText("Nothing was taken: \(Words.count(unreadable.count, "row")) cannot be read.")
        guard !upload.messages.isEmpty else { return [head] }
        return [
            head,
            Component.Table(
                caption: "What the file says",
                columns: [
                    .init("Row", numeric: true), .init("Column"), .init("What is so"), .init("What to do"),
                    .init("How it counts"),
                ],
                rows: upload.messages.map { message -> [any Markup] in
                    [
                        HTML(text: message.row == 0 ? "–" : "\(message.row)"), HTML(text: message.column),
                        HTML(text: message.sentence), HTML(text: message.fix), weight(message.kind),
                    ]
                }),
        ]
    }

    private static func weight(_ kind: SheetMessage.Kind) -> any Markup {
        switch kind {
        case .unreadable: Tag("Cannot be read", .red)
        case .blocks: Tag("Must be put right", .red)
        case .warns: Tag("Needs a reason", .orange)
        case .notes: Tag("For information", .grey)
        }
    }
}
