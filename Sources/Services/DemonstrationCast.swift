import Domain
import FoundationEssentials
import Schema

/// Who is in the demonstration. Names are made up; authorities are real and found by their code.
struct DemonstrationCast: Sendable {
    let actors: [String: Actor]
    let people: [String: PersonID]

    /// The actor with a key such as `officer` or `840.editor`.
    func actor(_ key: String) throws -> Actor {
        guard let actor = actors[key] else { throw DemonstrationError.noAuthority(key) }
        return actor
    }

    /// The person with a key.
    func person(_ key: String) throws -> PersonID {
        guard let person = people[key] else { throw DemonstrationError.noAuthority(key) }
        return person
    }

    /// Where somebody belongs: an authority by its code, or one of ``organisations``.
    enum Home: Sendable, Hashable {
        case authority(String)
        case other(String)
    }

    /// One account.
    struct Account: Sendable {
        let key: String
        let name: String
        let email: String
        let role: Role
        let home: Home
        let capacities: [Capacity]
        /// For approvers: tier and limit.
        var delegation: (tier: String, limit: Money)?

        var needsSecondFactor: Bool { capacities.contains(where: \.needsSecondFactor) }
    }

    /// An organisation that is not in the reference data.
    struct Organisation: Sendable {
        let name: String
        let kind: Domain.Organisation.Kind
    }

    static let department = "Demonstration Department"
    static let centre = "Demonstration What Works Centre"
    static let auditors = "Demonstration Audit Office"
    static let evaluators = "Demonstration Evaluators"

    static let organisations = [
        Organisation(name: department, kind: .department), Organisation(name: centre, kind: .whatWorks),
        Organisation(name: auditors, kind: .auditBody), Organisation(name: evaluators, kind: .evaluator),
    ]

    /// The authorities of the demonstration: each has led a project of the real programme.
    static let authorities = [
        "840", "916", "919", "383", "831", "307", "926", "815", "850", "812", "204", "316", "925",
    ]

    static let roles: [Account] = departmentPeople + centrePeople + otherPeople + authorities.flatMap(authorityPeople)

    private static let departmentPeople: [Account] = [
        staff("officer", "Grace Okafor", [.programmeOfficer]),
        staff("officer2", "Tomasz Nowak", [.programmeOfficer]),
        staff("officer3", "Priya Nair", [.programmeOfficer]),
        staff("appraiser1", "Helen Marsh", [.appraiser]),
        staff("appraiser2", "Devan Pillai", [.appraiser]),
        staff("finance", "Ruth Adeyemi", [.finance]),
        staff("finance2", "Callum Reid", [.finance]),
        staff("approver.low", "Sunita Rao", [.approver], ("Grade 6", Money(pounds: 250_000))),
        staff("approver", "Martin Hale", [.approver], ("Deputy Director", Money(pounds: 10_000_000))),
        staff("approver2", "Ngozi Bell", [.approver], ("Director", Money(pounds: 100_000_000))),
        staff("senior", "Eleanor Frost", [.seniorOfficerResponsible]),
        staff("signatory", "Ibrahim Cole", [.signatory]),
        staff("releaser", "Wendy Osei", [.paymentReleaser]),
        staff("administrator", "Ivan Petrov", [.administrator], role: .administrator),
        staff("administrator2", "Amy Clarke", [.administrator], role: .administrator),
    ]

    private static let centrePeople: [Account] = [
        person("reviewer", "Farah Aziz", "centre", .whatWorks, .other(centre), [.reviewer]),
        person("reviewer2", "Owen Price", "centre", .whatWorks, .other(centre), [.reviewer]),
        person("reviewer3", "Carys Bowen", "centre", .whatWorks, .other(centre), [.reviewer]),
        person("reviewer4", "Ewan Muir", "centre", .whatWorks, .other(centre), [.reviewer]),
        person("panel", "Hugh Lister", "centre", .whatWorks, .other(centre), [.ratingPanel]),
        person("panel2", "Yusuf Demir", "centre", .whatWorks, .other(centre), [.ratingPanel]),
        person("lead", "Beatrice Lowe", "centre", .whatWorks, .other(centre), [.reviewLead]),
    ]

    private static let otherPeople: [Account] = [
        person("auditor", "Samuel Grant", "audit", .auditor, .other(auditors), [.auditor]),
        person("evaluator", "Miriam Stein", "evaluators", .evaluator, .other(evaluators), [.evaluationAuthor]),
    ]

    private static let givenNames = [
        "840": ("Joanne Hedley", "Peter Lamb"), "916": ("Katie Winter", "Alan Court"),
        "831": ("Meera Joshi", "Rob Stone"),
        "919": ("Lucy Field", "Diane West"), "307": ("Tariq Mahmood", "Sarah Brent"),
        "926": ("Emma Reeve", "John Fenn"),
        "383": ("Nadia Hussain", "Paul Armley"), "815": ("Chris Ripley", "Wendy Dale"),
        "850": ("Olivia Meon", "Graham Solent"), "812": ("Kim Haven", "Stuart Cleet"),
        "204": ("Imran Khan", "Beth Fields"), "316": ("Abena Mensah", "Leo Stratton"),
        "925": ("Hazel Boston", "Edwin Stamford"),
    ]

    private static func authorityPeople(_ code: String) -> [Account] {
        let names = givenNames[code] ?? ("Editor of \(code)", "Certifier of \(code)")
        let domain = "la\(code)"
        var people = [
            person("\(code).editor", names.0, domain, .localAuthority, .authority(code), [.laEditor], as: "editor"),
            person(
                "\(code).certifier", names.1, domain, .localAuthority, .authority(code), [.laCertifier], as: "certifier"
            ),
        ]
        if code == authorities[0] {
            people += [
                person(
                    "\(code).editor2", "Mark Weir", domain, .localAuthority, .authority(code),
                    [.laEditor, .laCertifier],
                    as: "editor2"),
                person(
                    "\(code).reader", "Jill Ray", domain, .localAuthority, .authority(code), [.laReader], as: "reader"),
                person(
                    "\(code).users", "Ann Bishop", domain, .localAuthority, .authority(code), [.laUserAdministrator],
                    as: "users"),
            ]
        }
        return people
    }

    private static func staff(
        _ key: String, _ name: String, _ capacities: [Capacity], _ delegation: (tier: String, limit: Money)? = nil,
        role: Role = .department
    ) -> Account {
        var account = person(key, name, "department", role, .other(department), capacities)
        account.delegation = delegation
        return account
    }

    private static func person(
        _ key: String, _ name: String, _ domain: String, _ role: Role, _ home: Home, _ capacities: [Capacity],
        as local: String? = nil
    ) -> Account {
        Account(
            key: key, name: name, email: "\(local ?? key)@\(domain).example", role: role, home: home,
            capacities: capacities)
    }
}

/// A real project of the earlier programme: its name, who led it, and its grant where one was published.
struct DemonstrationProject: Sendable {
    let reference: String
    let title: String
    let authority: String
    let grant: Money?

    /// From the file that ships with its sources: `ref,project,lead_organisation,dfe_code,round,grant_gbp,…`.
    static func all() throws -> [DemonstrationProject] {
        let lines = (Schema.reference("projects")?.text ?? "").split(whereSeparator: \.isNewline).dropFirst()
        let projects = lines.compactMap { line -> DemonstrationProject? in
            let fields = fields(line)
            guard fields.count >= 6 else { return nil }
            return DemonstrationProject(
                reference: fields[0], title: fields[1], authority: fields[3], grant: Money(fields[5]))
        }
        guard !projects.isEmpty else { throw DemonstrationError.badProjects }
        return projects
    }

    /// The fields of one line; a field in quotes may hold commas.
    static func fields(_ line: Substring) -> [String] {
        var fields = [""]
        var quoted = false
        for character in line {
            switch character {
            case "\"": quoted.toggle()
            case "," where !quoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
