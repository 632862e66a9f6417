import Mustache

/// The templates of the program, compiled once. They are part of the binary; nothing is read from disk.
enum Templates {
    /// A template with its fields, as a part of a page.
    struct Filled: Markup {
        let name: String
        let fields: Fields
        var html: HTML { Templates.render(name, fields) }
    }

    private static let library: MustacheLibrary = {
        var library = MustacheLibrary()
        for (name, source) in platform + fund {
            guard let template = try? MustacheTemplate(string: String(decoding: source, as: UTF8.self)) else {
                continue
            }
            library.register(template, named: name)
        }
        return library
    }()

    /// Renders a template. A test holds that every template that the sources name exists and parses.
    static func render(_ name: String, _ fields: Fields) -> HTML {
        HTML(trusted: library.render(fields, withTemplate: name) ?? "")
    }

    /// Whether there is such a template and it parses.
    static func exists(_ name: String) -> Bool { library.getTemplate(named: name) != nil }

    /// Every template with its source, for the tests that read them.
    static var sources: [(name: String, source: String)] {
        (platform + fund).map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }
    }
}
