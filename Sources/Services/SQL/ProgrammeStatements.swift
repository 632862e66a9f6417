import Domain
import Postgres

/// A programme as its row has it, with the names that pages show.
struct ProgrammeRecord: Sendable {
    let id: ProgrammeID
    let reference: String
    let organisation: OrganisationID
    let state: Programme.State
    let version: Int
    let author: PersonID
    let authorName: String
    let seniorOfficerName: String?
    var content: Programme.Content

    /// The programme, once aims and budget are known.
    func programme(aims: [Programme.Aim], budget: [BudgetLine]) -> Programme {
        var content = content
        content.aims = aims
        content.budget = budget
        return Programme(
            id: id, reference: reference, organisation: organisation, state: state, version: version, author: author,
            content: content)
    }
}

/// What the database is asked about programmes.
enum ProgrammeStatements {
    private static let columns: SQL = """
        p.id, p.reference, p.organisation_id, p.state, p.version, p.created_by,
        coalesce(author.name, ''), senior.name, p.title, p.summary, p.sor_id, p.ggis_scheme_ref,
        p.allocation_method, p.allocation_reason, p.powers, p.powers_detail, p.conditionality, p.case_strategic,
        p.case_economic, p.case_commercial, p.case_financial, p.case_management, p.evaluation_budget, p.ncr_novel,
        p.ncr_contentious, p.ncr_repercussive, p.ncr_rationale, p.consent_ref, p.consent_on, p.cgap_status, p.cgap_ref,
        p.fra_inherent, p.fra_residual, p.fra_next_review, p.risk_profile
        from programme p
        left join person author on author.id = p.created_by
        left join person senior on senior.id = p.sor_id
        """

    static func find(_ id: ProgrammeID) -> Statement<ProgrammeRecord> {
        Statement("programme.find", "select \(columns) where p.id = \(id)", decode: record)
    }

    static func lock(_ id: ProgrammeID) -> Statement<ProgrammeRecord> {
        Statement("programme.lock", "select \(columns) where p.id = \(id) for no key update of p", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> ProgrammeRecord {
        try ProgrammeRecord(
            id: row.read(), reference: row.read(), organisation: row.read(), state: row.read(), version: row.read(),
            author: row.read(), authorName: row.read(), seniorOfficerName: row.read(),
            content: content(&row))
    }

    private static func content(_ row: inout RowReader) throws -> Programme.Content {
        var content = Programme.Content()
        content.title = try row.read()
        content.summary = try row.read()
        content.seniorOfficer = try row.read()
        content.ggisSchemeReference = try row.read()
        content.allocationMethod = try row.read()
        content.allocationReason = try row.text()
        content.powers = try row.read()
        content.powersDetail = try row.text()
        content.conditionality = try row.read()
        content.businessCase.strategic = try row.text()
        content.businessCase.economic = try row.text()
        content.businessCase.commercial = try row.text()
        content.businessCase.financial = try row.text()
        content.businessCase.management = try row.text()
        content.evaluationBudget = try row.read()
        content.screening = try row.screening()
        content.consent = try row.consent()
        content.adviceStatus = try row.read()
        content.adviceReference = try row.text()
        content.fraudRiskInherent = try row.read()
        content.fraudRiskResidual = try row.read()
        content.fraudRiskNextReview = try row.read()
        content.riskProfile = try row.read()
        return content
    }

    static func aims(_ id: ProgrammeID) -> Statement<Programme.Aim> {
        Statement(
            "programme.aims",
            "select aim, indicator_code, nao_test from programme_aim where programme_id = \(id) order by position"
        ) { row in
            try Programme.Aim(aim: row.read(), indicatorCode: row.read(), test: row.read())
        }
    }

    /// The lines with what is spoken for.
    static func budget(_ id: ProgrammeID) -> Statement<BudgetPosition> {
        Statement(
            "programme.budget",
            """
            select l.financial_year, l.kind, l.amount,
                coalesce((select sum(e.amount) from budget_entry e where e.programme_id = l.programme_id
                    and e.financial_year = l.financial_year and e.kind = l.kind), 0)::numeric(14,2)
            from budget_line l where l.programme_id = \(id) order by l.financial_year, l.kind desc
            """, decode: position)
    }

    static func position(_ row: inout RowReader) throws -> BudgetPosition {
        try BudgetPosition(
            line: BudgetLine(year: row.read(), kind: row.read(), amount: row.read()), reserved: row.read())
    }

    /// Newest first. Those of the actor's department; for others, what is published or what they audit: row security
    /// leaves nothing else.
    static func list(after: (Instant, ProgrammeID)?, limit: Int) -> Statement<ProgrammeRow> {
        Statement(
            "programme.list",
            """
            select p.id, p.reference, p.title, p.state,
                coalesce((select sum(l.amount) from budget_line l where l.programme_id = p.id), 0)::numeric(14,2),
                (select count(*) from round r where r.programme_id = p.id), p.created_at
            from programme p
            where (p.organisation_id = (select actor.organisation_id()) or (select actor.role()) <> 'department')
                and (\(after?.0)::timestamptz is null or (p.created_at, p.id) < (\(after?.0), \(after?.1)))
            order by p.created_at desc, p.id desc limit \(limit)
            """
        ) { row in
            try ProgrammeRow(
                id: row.read(), reference: row.read(), title: row.read(), state: row.read(), wholeLife: row.read(),
                rounds: row.read(), createdAt: row.read())
        }
    }

    /// Who submitted it last.
    static func submitter(_ id: ProgrammeID) -> Statement<Submitter> {
        Statement(
            "programme.submitter",
            """
            select person_id from workflow.log where object_id = \(id) and machine = 'programme' and event = 'submit'
            order by seq desc limit 1
            """
        ) { row in try Submitter(person: row.read()) }
    }

    /// Who sent something on; nil when it was the operator.
    struct Submitter: Sendable {
        let person: PersonID?
    }

    /// Whom a programme may name as its senior officer.
    static let seniorOfficers = Statement<PersonChoice>(
        "programme.senior_officers",
        """
        select p.id, p.name from person p
        where p.organisation_id = (select actor.organisation_id()) and p.state = 'active'
            and exists (select from capacity c where c.person_id = p.id and c.code = 'senior_officer_responsible'
                and c.valid_from <= current_date and (c.valid_to is null or current_date <= c.valid_to))
        order by p.name, p.id
        """, decode: { row in try PersonChoice(id: row.read(), name: row.read()) })

    static func insert(
        _ id: ProgrammeID, by author: PersonID, of organisation: OrganisationID, _ content: Programme.Content
    )
        -> Statement<Void>
    {
        Statement(
            "programme.insert",
            """
            insert into programme (id, reference, organisation_id, created_by, title, summary, sor_id, ggis_scheme_ref,
                allocation_method, allocation_reason, powers, powers_detail, conditionality, case_strategic,
                    case_economic,
                case_commercial, case_financial, case_management, evaluation_budget, ncr_novel, ncr_contentious,
                ncr_repercussive, ncr_rationale, consent_ref, consent_on, cgap_status, cgap_ref, fra_inherent,
                    fra_residual,
                fra_next_review, risk_profile)
            values (\(id), next_reference('PRG'), \(organisation), \(author), \(values(content)))
            """)
    }

    /// That person `p` is active and holds capacity `c`, which is that of the senior officer, today.
    private static let answersToday: SQL = """
        p.state = 'active' and c.code = 'senior_officer_responsible' and c.valid_from <= (select london_today())
            and (c.valid_to is null or (select london_today()) <= c.valid_to)
        """

    /// Whether somebody may answer for a programme: active, of the actor's department, holding the capacity today. Nobody
    /// named is not yet wrong.
    static func mayAnswerFor(_ person: PersonID?) -> Statement<Bool> {
        Statement(
            "programme.may_answer_for",
            """
            select \(person)::uuid is null or exists (
                select from person p join capacity c on c.person_id = p.id
                where p.id = \(person) and p.organisation_id = (select actor.organisation_id()) and \(answersToday))
            """
        ) { row in try row.read() }
    }

    /// The same for whoever is named on a programme.
    static func seniorOfficerFits(_ id: ProgrammeID) -> Statement<Bool> {
        Statement(
            "programme.senior_officer_fits",
            """
            select not exists (select from programme x where x.id = \(id) and x.sor_id is not null) or exists (
                select from programme x join person p on p.id = x.sor_id join capacity c on c.person_id = p.id
                where x.id = \(id) and p.organisation_id = x.organisation_id and \(answersToday))
            """
        ) { row in try row.read() }
    }

    static func save(_ id: ProgrammeID, _ content: Programme.Content) -> Statement<Void> {
        Statement(
            "programme.save",
            """
            update programme set (title, summary, sor_id, ggis_scheme_ref,
                allocation_method, allocation_reason, powers, powers_detail, conditionality, case_strategic,
                    case_economic,
                case_commercial, case_financial, case_management, evaluation_budget, ncr_novel, ncr_contentious,
                ncr_repercussive, ncr_rationale, consent_ref, consent_on, cgap_status, cgap_ref, fra_inherent,
                    fra_residual,
                fra_next_review, risk_profile) = (\(values(content))), version = version + 1
            where id = \(id)
            """)
    }

    private static func values(_ content: Programme.Content) -> SQL {
        let cases = content.businessCase
        return """
            \(content.title), \(content.summary), \(content.seniorOfficer), \(content.ggisSchemeReference),
            \(content.allocationMethod), \(content.allocationReason), \(content.powers), \(content.powersDetail),
            \(content.conditionality), \(cases.strategic), \(cases.economic), \(cases.commercial), \(cases.financial),
            \(cases.management), \(content.evaluationBudget), \(content.screening.novel),
            \(content.screening.contentious),
            \(content.screening.repercussive), \(content.screening.rationale), \(content.consent?.reference),
            \(content.consent?.date), \(content.adviceStatus), \(content.adviceReference), \(content.fraudRiskInherent),
            \(content.fraudRiskResidual), \(content.fraudRiskNextReview), \(content.riskProfile)
            """
    }

    /// Aims and budget are replaced whole: they are part of the draft until it is submitted.
    static func clearAims(_ id: ProgrammeID) -> Statement<Void> {
        Statement("programme.clear_aims", "delete from programme_aim where programme_id = \(id)")
    }

    static func addAims(_ id: ProgrammeID, _ aims: [Programme.Aim]) -> Statement<Void> {
        Statement(
            "programme.add_aims",
            """
            insert into programme_aim (programme_id, position, aim, indicator_code, nao_test)
            select \(id), a.position, a.aim, a.indicator, a.test
            from unnest(\(aims.map(\.aim)), \(aims.map(\.indicatorCode)), \(aims.map(\.test.rawValue)))
                with ordinality as a (aim, indicator, test, position)
            """)
    }

    static func clearBudget(_ id: ProgrammeID) -> Statement<Void> {
        Statement("programme.clear_budget", "delete from budget_line where programme_id = \(id)")
    }

    static func addBudget(_ id: ProgrammeID, _ lines: [BudgetLine]) -> Statement<Void> {
        Statement(
            "programme.add_budget",
            """
            insert into budget_line (programme_id, financial_year, kind, amount)
            select \(id), l.year, l.kind, l.amount
            from unnest(\(lines.map(\.year)), \(lines.map(\.kind.rawValue)), \(lines.map(\.amount))) as l (year, kind,
                amount)
            """)
    }

    static func move(_ id: ProgrammeID, to state: Programme.State, by event: ProgrammeEvent) -> Statement<Void> {
        Statement(
            "programme.move",
            """
            update programme set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1 where id = \(id)
            """)
    }

    static func open(_ id: ProgrammeID, scheme: String?) -> Statement<Void> {
        Statement(
            "programme.open",
            """
            update programme set state = 'open', last_event = 'open', transition_seq = transition_seq + 1,
                version = version + 1, ggis_scheme_ref = coalesce(\(scheme), ggis_scheme_ref) where id = \(id)
            """)
    }
}

extension RowReader {
    /// Text where NULL and blank mean the same.
    mutating func text() throws -> String { try read(String?.self) ?? "" }

    /// Four columns: novel, contentious, repercussive, rationale.
    mutating func screening() throws -> SpendScreening {
        var screening = SpendScreening()
        screening.novel = try read()
        screening.contentious = try read()
        screening.repercussive = try read()
        screening.rationale = try text()
        return screening
    }

    /// Two columns: reference and date.
    mutating func consent() throws -> ExternalConsent? {
        let reference = try read(String?.self)
        let date = try read(Day?.self)
        guard let reference, let date else { return nil }
        return ExternalConsent(reference: reference, date: date)
    }
}
