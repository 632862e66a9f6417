import Domain
import Postgres

/// A return as its row has it, with what permission and pages need around it.
struct ReturnRecord: Sendable {
    let subject: MonitoringReturn
    let hash: [UInt8]?
    let submittedAt: Instant?
    let lateDays: Int?
    let reason: String?
    let changesDue: Day?
    let programme: ProgrammeID
    let round: RoundID
    /// The department that runs the programme; nil where row security hides it.
    let department: OrganisationID?
    let programmeTitle: String
    let organisationName: String
    let awardTitle: String
    let awardAmount: Money?
    let today: Day

    /// What permissions ask about it. Whoever of the evaluators and reviewers sees it at all was let in by row
    /// security.
    func facts(for subject: Subject) -> Permission.Facts {
        let letIn = subject.role == .evaluator || subject.role == .whatWorks
        return Permission.Facts(
            organisation: self.subject.organisation, department: department, assignees: letIn ? [subject.person] : [],
            programme: programme, round: round, bid: self.subject.bid)
    }

    /// As a row of a list.
    var row: ReturnRow {
        ReturnRow(
            id: subject.id, reference: subject.reference, award: subject.award, awardTitle: awardTitle,
            organisationName: organisationName, sequence: subject.sequence, from: subject.from, to: subject.to,
            due: subject.due, state: subject.state, version: subject.version, submittedAt: submittedAt,
            lateDays: lateDays,
            isOverdue: !subject.state.isIn && subject.state != .scheduled && subject.due < today)
    }
}

/// One saved section of a draft.
struct ReturnSectionRecord: Sendable {
    let section: ReturnSection
    let json: String
    let version: Int
    let editedBy: String?
    let editedAt: Instant
}

/// What the database is asked about monitoring returns.
enum ReturnStatements {
    private static let columns: SQL = """
        r.id, r.reference, r.award_id, r.bid_id, r.organisation_id, r.sequence, r.period_from, r.period_to, r.due_on, r.state,
        r.version, r.content_version, r.last_editor_id, r.content_hash, r.submitted_at, r.late_days, r.reason,
        r.changes_due_on, r.programme_id, r.round_id, p.organisation_id, coalesce(p.title, ''), o.name, coalesce(a.title, ''),
        a.amount, public.london_today()
        from monitoring_return r
        join organisation o on o.id = r.organisation_id
        left join programme p on p.id = r.programme_id
        left join award a on a.id = r.award_id
        """

    static func find(_ id: MonitoringReturnID) -> Statement<ReturnRecord> {
        Statement("return.find", "select \(columns) where r.id = \(id)", decode: record)
    }

    static func lock(_ id: MonitoringReturnID) -> Statement<ReturnRecord> {
        Statement("return.lock", "select \(columns) where r.id = \(id) for no key update of r", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> ReturnRecord {
        try ReturnRecord(
            subject: MonitoringReturn(
                id: row.read(), reference: row.read(), award: row.read(), bid: row.read(), organisation: row.read(),
                sequence: row.read(), from: row.read(), to: row.read(), due: row.read(), state: row.read(),
                version: row.read(), contentVersion: row.read(), lastEditor: row.read()),
            hash: row.read(Bytes?.self)?.value, submittedAt: row.read(), lateDays: row.read(), reason: row.read(),
            changesDue: row.read(), programme: row.read(), round: row.read(), department: row.read(),
            programmeTitle: row.read(), organisationName: row.read(), awardTitle: row.read(), awardAmount: row.read(),
            today: row.read())
    }

    /// By due date, the latest first; an authority's own by its own predicate, so that the index serves.
    static func list(_ filter: ReturnFilter, after: (Day, MonitoringReturnID)?, limit: Int) -> Statement<ReturnRecord> {
        Statement(
            "return.list",
            """
            select \(columns)
            where (r.organisation_id = (select actor.organisation_id()) or (select actor.role()) <> 'local_authority')
                and (\(filter.state)::text is null or r.state = \(filter.state))
                and (\(filter.award)::uuid is null or r.award_id = \(filter.award))
                and (not \(filter.overdueOnly) or (r.due_on < public.london_today()
                    and r.state in ('open', 'in_progress', 'in_certification', 'changes_requested', 'reopened')))
                and (\(after?.0)::date is null or (r.due_on, r.id) < (\(after?.0), \(after?.1)))
            order by r.due_on desc, r.id desc limit \(limit)
            """, decode: record)
    }

    static func sections(_ id: MonitoringReturnID) -> Statement<ReturnSectionRecord> {
        Statement(
            "return.sections",
            """
            select s.section, s.content, s.version, e.name, s.edited_at
            from return_section s left join person e on e.id = s.edited_by where s.return_id = \(id)
            """
        ) { row in
            try ReturnSectionRecord(
                section: row.read(), json: row.read(PostgresJSON.self).text, version: row.read(), editedBy: row.read(),
                editedAt: row.read())
        }
    }

    /// One version's content; the newest where no number is given.
    static func version(_ id: MonitoringReturnID, _ number: Int? = nil) -> Statement<Version> {
        Statement(
            "return.version",
            """
            select v.number, v.content from return_version v
            where v.return_id = \(id) and (\(number)::integer is null or v.number = \(number))
            order by v.number desc limit 1
            """
        ) { row in try Version(number: row.read(), json: row.read(PostgresJSON.self).text) }
    }

    /// The version that was accepted at a moment.
    static func acceptedVersion(_ id: MonitoringReturnID, at: Instant) -> Statement<Version> {
        Statement(
            "return.accepted_version",
            """
            select v.number, v.content from return_version v
            where v.return_id = \(id) and v.number = (select u.number from return_ruling u
                where u.return_id = \(id) and u.ruling in ('accepted', 'accepted_with_issues') and u.at <= \(at)
                order by u.at desc, u.id desc limit 1)
            """
        ) { row in try Version(number: row.read(), json: row.read(PostgresJSON.self).text) }
    }

    /// A version as it was certified.
    struct Version: Sendable {
        let number: Int
        let json: String
    }

    static func versions(_ id: MonitoringReturnID) -> Statement<ReturnVersionRow> {
        Statement(
            "return.versions",
            """
            select v.number, encode(v.content_hash, 'hex'), v.submitted_at, c.name
            from return_version v left join person c on c.id = v.certified_by
            where v.return_id = \(id) order by v.number desc
            """
        ) { row in
            try ReturnVersionRow(number: row.read(), hash: row.read(), submittedAt: row.read(), certifiedBy: row.read())
        }
    }

    static func rulings(_ id: MonitoringReturnID) -> Statement<ReturnRuling> {
        Statement(
            "return.rulings",
            """
            select u.ruling, u.number, u.reason, p.name, u.at
            from return_ruling u left join person p on p.id = u.person_id
            where u.return_id = \(id) order by u.at desc, u.id desc
            """
        ) { row in
            try ReturnRuling(
                ruling: row.read(), number: row.read(), reason: row.read(), personName: row.read(), at: row.read())
        }
    }

    /// What was asked about the newest version.
    static func comments(_ id: MonitoringReturnID) -> Statement<ReturnComment> {
        Statement(
            "return.comments",
            """
            select c.field, c.comment, c.number from return_comment c join monitoring_return r on r.id = c.return_id
            where c.return_id = \(id) and c.number = r.content_version order by c.field, c.at
            """
        ) { row in ReturnComment(field: try row.read(), comment: try row.read(), number: try row.read()) }
    }

    static func restatements(_ id: MonitoringReturnID) -> Statement<ReturnRestatement> {
        Statement(
            "return.restatements",
            """
            select s.field, s.old_value, s.new_value, s.cause, s.from_number, s.to_number, s.at
            from return_restatement s where s.return_id = \(id) order by s.at desc, s.field
            """
        ) { row in
            try ReturnRestatement(
                field: row.read(), before: row.read(), after: row.read(), cause: row.read(),
                versions: (row.read(), row.read()), at: row.read())
        }
    }

    static let rules = Statement<ReturnRule>(
        "return.rules", "select r.code, r.severity, r.number, r.sentence, r.fix from public.return_rule r"
    ) { row in
        try ReturnRule(
            code: row.read(), severity: row.read(), number: row.read(), sentence: row.read(), fix: row.read())
    }

    /// What must be reported, and how authorities differ in it.
    static func indicators(_ id: MonitoringReturnID) -> Statement<ReturnIndicator> {
        Statement(
            "return.indicators",
            """
            select i.indicator_code, i.indicator_version, v.name, v.numerator_text, v.denominator_text, v.unit, v.decimals,
                v.scale, v.small_number_threshold, v.plausible_min, v.plausible_max, s.mean, s.deviation, i.is_primary
            from return_indicator i
            join indicator_version v on v.indicator_code = i.indicator_code and v.number = i.indicator_version
            left join lateral public.national_spread(i.indicator_code) as s on true
            where i.return_id = \(id) order by i.position
            """
        ) { row in
            let code: String = try row.read()
            let version: Int = try row.read()
            let (name, numerator, denominator): (String, String, String) = try (row.read(), row.read(), row.read())
            let unit: Indicator.Unit = try row.read()
            let (decimals, scale, threshold): (Int, Int, Int) = try (row.read(), row.read(), row.read())
            let (low, high): (ExactDecimal?, ExactDecimal?) = try (row.read(), row.read())
            let (mean, deviation): (ExactDecimal?, ExactDecimal?) = try (row.read(), row.read())
            return try ReturnIndicator(
                code: code, version: version, name: name, numerator: numerator, denominator: denominator, unit: unit,
                decimals: decimals, scale: scale, threshold: threshold, plausible: (low, high),
                spread: mean.flatMap { mean in deviation.map { (mean, $0) } }, isPrimary: row.read())
        }
    }

    /// One figure of the newest earlier return that was certified.
    struct LastFigure: Sendable {
        let from: Day
        let to: Day
        let spendToDate: Money?
        let code: String?
        let value: ExactDecimal?
    }

    static func last(_ id: MonitoringReturnID) -> Statement<LastFigure> {
        Statement(
            "return.last",
            """
            select l.period_from, l.period_to, f.spend_to_date, v.indicator_code, round(v.value, d.decimals)
            from monitoring_return r
            join lateral (select x.* from monitoring_return x
                where x.award_id = r.award_id and x.sequence < r.sequence and x.content_version > 0
                order by x.sequence desc limit 1) as l on true
            join return_figure f on f.return_id = l.id and f.number = l.content_version
            left join return_value v on v.return_id = l.id and v.number = l.content_version
            left join return_indicator i on i.return_id = l.id and i.indicator_code = v.indicator_code
            left join indicator_version d on d.indicator_code = i.indicator_code and d.number = i.indicator_version
            where r.id = \(id)
            """
        ) { row in
            try LastFigure(
                from: row.read(), to: row.read(), spendToDate: row.read(), code: row.read(), value: row.read())
        }
    }

    /// What was published, beside what is reported.
    static func comparisons(_ id: MonitoringReturnID) -> Statement<ReturnComparison> {
        Statement(
            "return.comparisons",
            """
            select i.indicator_code, n.period, coalesce(own.figure::text, ol.letter), coalesce(e.figure::text, el.letter),
                round(m.middle::numeric, v.decimals)::text, coalesce(m.counted, 0)
            from return_indicator i
            join monitoring_return r on r.id = i.return_id
            join organisation o on o.id = r.organisation_id
            join indicator_version v on v.indicator_code = i.indicator_code and v.number = i.indicator_version
            left join lateral (select max(s.period) as period from statistic s
                where s.indicator_code = i.indicator_code and s.cohort = '') as n on true
            left join published_figure own on own.area_code = o.dfe_code and own.indicator_code = i.indicator_code
                and own.cohort = '' and own.period = n.period
            left join statistic_letter ol on ol.status = own.status
            left join published_figure e on e.area_code = 'E92000001' and e.indicator_code = i.indicator_code
                and e.cohort = '' and e.period = n.period
            left join statistic_letter el on el.status = e.status
            left join lateral (
                select percentile_cont(0.5) within group (order by f.figure) as middle, count(f.figure)::integer as counted
                from organisation_neighbour b
                join organisation bo on bo.id = b.neighbour_id
                join published_figure f on f.area_code = bo.dfe_code and f.indicator_code = i.indicator_code
                    and f.cohort = '' and f.period = n.period
                where b.organisation_id = r.organisation_id
                    and b.model_year = (select max(x.model_year) from organisation_neighbour x)) as m on true
            where i.return_id = \(id) order by i.position
            """
        ) { row in
            try ReturnComparison(
                code: row.read(), last: nil, period: row.read(), own: row.read(), england: row.read(),
                neighbours: row.read(), neighbourCount: row.read())
        }
    }

    /// For sections that have nothing beside their answers.
    static let noComparisons = Statement<ReturnComparison>(
        "return.no_comparisons",
        "select ''::text, null::text, null::text, null::text, null::text, 0 where false"
    ) { row in
        try ReturnComparison(
            code: row.read(), last: nil, period: row.read(), own: row.read(), england: row.read(),
            neighbours: row.read(),
            neighbourCount: row.read())
    }

    static func ledger(of id: MonitoringReturnID) -> Statement<Duty.Performed> {
        Statement(
            "return.ledger",
            """
            select d.person_id, d.duty, d.object_version
            from workflow.duty_performed d join monitoring_return r on r.bid_id = d.case_id where r.id = \(id)
            """
        ) { row in Duty.Performed(person: try row.read(), duty: try row.read(), version: try row.read()) }
    }

    /// Active certifiers of the actor's authority who wrote nothing of this version.
    static func certifiers(_ id: MonitoringReturnID) -> Statement<PersonChoice> {
        Statement(
            "return.certifiers",
            """
            select p.id, p.name
            from monitoring_return r
            join person p on p.organisation_id = r.organisation_id and p.state = 'active'
            where r.id = \(id) and r.organisation_id = (select actor.organisation_id())
                and p.id is distinct from r.last_editor_id
                and exists (select from capacity c where c.person_id = p.id and c.code = 'la_certifier'
                    and c.valid_from <= public.london_today()
                    and (c.valid_to is null or public.london_today() <= c.valid_to))
                and not exists (select from workflow.duty_performed d where d.case_id = r.bid_id and d.person_id = p.id
                    and d.duty = 'W'
                    and d.object_version = public.return_duty_version(r.sequence, r.content_version + 1))
            order by p.name, p.id
            """
        ) { row in try PersonChoice(id: row.read(), name: row.read()) }
    }
}
