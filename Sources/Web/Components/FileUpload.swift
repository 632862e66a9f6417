extension Component {
    /// A file to send. Its form must be `PostForm(takesFiles: true)`.
    struct FileUpload: Markup {
        let name: String
        let label: String
        var hint: String? = nil
        var error: String? = nil
        var labelSize: Size? = nil

        var html: HTML {
            Templates.render(
                "govuk-file-upload", Component.question(name, label, size: labelSize, hint: hint, error: error))
        }
    }
}
