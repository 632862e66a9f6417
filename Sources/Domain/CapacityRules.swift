/// What must be true of a capacity assessment.
public enum CapacityRules {
    /// Levels from here on need more than a word of evidence.
    public static let highLevel = 3

    /// What keeps one person's answers from being stored. Not every dimension needs a view of everybody; no level without
    /// something to show for it.
    public static func problems(_ answers: [CapacityAnswer], team: String, rubric: [CapacityDimension])
        -> [FieldProblem]
    {
        var problems = Problems()
        problems.text(team, "team", "Enter your team, so that the views of different teams can be told apart.")
        problems.length(team, "team", "name of the team", 140)
        problems.need(
            answers.contains { $0.level != nil }, "answers", "Choose a level for at least one dimension.")
        for answer in answers {
            guard rubric.contains(where: { $0.code == answer.dimension }) else {
                problems.need(false, "answers", "Answer for the dimensions of this rubric only.")
                continue
            }
            problems.add(evidenceProblems(answer, "answers.\(answer.dimension)"))
        }
        return problems.found
    }

    private static func evidenceProblems(_ answer: CapacityAnswer, _ field: String) -> [FieldProblem] {
        var problems = Problems()
        guard let level = answer.level else {
            problems.need(answer.evidence.isBlank, "\(field).level", "Choose the level that this shows.")
            return problems.found
        }
        problems.need((1...4).contains(level), "\(field).level", "Choose a level from 1 to 4.")
        problems.need(
            !answer.evidence.isBlank, "\(field).evidence",
            "Say what shows it. There is no level without something to show.")
        problems.need(
            answer.evidence.isBlank || level < highLevel || answer.evidence.trimmed.count >= Rules.shortestReason,
            "\(field).evidence",
            "Level \(level) needs at least \(Rules.shortestReason) characters of evidence: name the document, agreement or example."
        )
        problems.length(answer.evidence, "\(field).evidence", "evidence")
        return problems.found
    }

    /// The level that the voices bear out best: the middle one, and of two the lower. Nil without any.
    public static func bestFit(_ levels: [Int]) -> Int? {
        let sorted = levels.sorted()
        return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
    }

    /// What keeps an assessment from being certified.
    public static func problems(
        certifying levels: [CapacityAnswer], voices: [CapacityVoice], rubric: [CapacityDimension],
        by certifier: PersonID
    ) -> [FieldProblem] {
        var problems = Problems()
        let people = Set(voices.map(\.person))
        let teams = Set(voices.map { $0.team.lowercased().trimmed })
        problems.need(
            people.count >= 2 && teams.count >= 2, "voices",
            "Ask somebody of another team too: at least two people of different teams answer. So far: "
                + "\(Rules.counted(people.count, "person").replacing("persons", with: "people")) of \(Rules.counted(teams.count, "team"))."
        )
        for dimension in rubric {
            let field = "levels.\(dimension.code)"
            let heard = voices.filter { $0.answer.dimension == dimension.code }
            let given = heard.compactMap(\.answer.level)
            guard let low = given.min(), let high = given.max() else {
                problems.need(false, field, "Nobody has answered on “\(dimension.title)” yet.")
                continue
            }
            problems.need(
                heard.contains { $0.person != certifier }, field,
                "You are the only voice on “\(dimension.title)”. Somebody else must answer on it before you certify.")
            guard let chosen = levels.first(where: { $0.dimension == dimension.code }), let level = chosen.level else {
                problems.need(false, field, "Choose the level that fits “\(dimension.title)” best.")
                continue
            }
            problems.need(
                (low...high).contains(level), field,
                "Choose a level for “\(dimension.title)” within what was answered: \(low) to \(high).")
            problems.add(evidenceProblems(chosen, field))
        }
        return problems.found
    }

    /// How each dimension moved, with what shows it then and now. Nil when the rubric changed: the series is broken there,
    /// and saying so is honest where a difference would not be.
    public static func change(
        from first: (rubric: Int, levels: [CapacityAnswer]), to second: (rubric: Int, levels: [CapacityAnswer])
    ) -> [CapacityChange]? {
        guard first.rubric == second.rubric else { return nil }
        return first.levels.compactMap { before in
            second.levels.first { $0.dimension == before.dimension }.map {
                CapacityChange(dimension: before.dimension, before: before, after: $0)
            }
        }
    }
}
