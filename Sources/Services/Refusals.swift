import Domain
import Postgres

/// Turns what the database or the pool said into a refusal with a plain sentence. One table; whatever is not in it is a
/// fault, and faults are for the log, not for the person.
enum Refusals {
    /// Runs the work and maps its errors.
    static func mapped<R>(_ work: () async throws -> R) async throws -> R {
        do {
            return try await work()
        } catch {
            throw mapped(error)
        }
    }

    /// The refusal that an error stands for, or the error itself when it is a fault.
    static func mapped(_ error: any Error) -> any Error {
        switch error {
        case let error as StatementError: refusal(error) ?? error
        case is ConnectionLost, is PoolExhausted: unavailable
        default: error
        }
    }

    /// The refusal that a failed statement stands for; nil when it is a fault.
    static func refusal(_ error: StatementError) -> Refusal? {
        if error.kind == .parameter {
            return Refusal(
                .invalid, code: "unacceptable_value",
                "Something that you sent cannot be stored, such as a NUL character. Remove it and try again.")
        }
        guard error.kind == .server, let state = error.sqlState else { return nil }
        if let constraint = error.constraint, let refusal = constraints[constraint] { return refusal }
        if state == "TS003", let refusal = Duty.refusal(code: error.message) { return refusal }
        if let refusal = MoneyRefusals.refusal(error) { return refusal }
        if let refusal = EvaluationRefusals.refusal(error) { return refusal }
        if let refusal = EvidenceRefusals.refusal(error) { return refusal }
        if let refusal = states[state.rawValue] { return refusal }
        return state.rawValue.hasPrefix("53") || state.rawValue.hasPrefix("57P") ? unavailable : nil
    }

    /// Nobody is signed in.
    static let unauthenticated = Refusal(.unauthenticated, code: "signed_out", "Sign in to continue.")

    /// The passphrase was right; the second factor is still to come.
    static let secondFactorNeeded = Refusal(
        .unauthenticated, code: "second_factor_needed",
        "Enter the code from your authenticator app to finish signing in.")

    /// Wait so long before the next attempt.
    static func rateLimited(seconds: Int) -> Refusal {
        let minutes = (seconds + 59) / 60
        let wait = seconds < 60 ? "a minute" : minutes == 1 ? "a minute" : "\(minutes) minutes"
        return Refusal(
            .rateLimited, code: "too_many_attempts", "There were too many attempts. Wait \(wait), then try again.",
            retryAfter: max(1, seconds))
    }

    /// Not now.
    static let unavailable = Refusal(
        .unavailable, code: "unavailable",
        "The service is busy or restarting. Nothing was lost; try again in a moment.",
        retryAfter: 2)

    private static let busy = Refusal(
        .unavailable, code: "busy", "Somebody else is changing the same thing. Try again in a moment.", retryAfter: 1)

    /// By SQLSTATE: our own class, then what concurrency and load bring.
    private static let states: [String: Refusal] = [
        "TS001": unauthenticated,
        "TS002": Refusal(
            .conflict, code: "not_in_this_state", "This cannot be done from where it stands now. Look at it again."),
        "TS003": Refusal(
            .forbidden, code: "duties_separate",
            "You have done something else in this case that excludes this. Ask somebody who has had no part in it."),
        "TS004": Refusal(
            .conflict, code: "append_only", "What is recorded stays as it is. Add a correction instead."),
        "TS005": Refusal(
            .conflict, code: "above_limit", "The amount is above the limit that was delegated. Refer it up."),
        "TS006": Refusal(
            .conflict, code: "over_budget", "There is not enough left in the budget of that year."),
        "TS007": Refusal(
            .forbidden, code: "not_your_capacity", "You do not hold the capacity that this needs."),
        "TS008": Refusal(.conflict, code: "wrong_time", "It is too early or too late for this."),
        "TS009": Refusal(
            .conflict, code: "frozen", "This content is frozen: others rely on it as it stands."),
        "TS010": Refusal(
            .rateLimited, code: "too_many_attempts",
            "There were too many attempts. Wait a few minutes, then try again.",
            retryAfter: 300),
        "TS011": Refusal(
            .conflict, code: "content_changed",
            "The case has changed since you looked at it. Read it again before you decide."),
        "TS012": Refusal(
            .conflict, code: "gate_closed", "The evaluation has not reached what this instalment waits for."),
        "TS013": Refusal(
            .conflict, code: "overspend", "The sum does not fit: more would be claimed or paid than was promised."),
        "TS016": Refusal(.conflict, code: "bank_unsettled", "The bank details of the authority are not settled yet."),
        "TS015": Refusal(
            .conflict, code: "evidence", "The evidence is missing, or is not what it was. Look at it again."),
        "40001": busy, "40P01": busy, "55P03": busy,
        "57014": Refusal(
            .unavailable, code: "too_slow", "This took too long and was stopped. Try again, or ask for less.",
            retryAfter: 5),
        "25006": Refusal(.forbidden, code: "read_only", "You may look, but not change anything."),
        "42501": Refusal(.forbidden, code: "not_allowed", "You may not do this."),
        // Rules of the schema that no row of `constraints` puts in better words.
        "23503": Refusal(
            .invalid, code: "names_nothing",
            "Something that you named does not exist, or you cannot see it. Choose it again from the list."),
        "23505": Refusal(.conflict, code: "exists_already", "There is one like this already. Look for it in the list."),
        "23514": Refusal(
            .invalid, code: "unacceptable_value",
            "One of the values is outside what is allowed. Check them and try again."),
        "22003": Refusal(
            .invalid, code: "unacceptable_value", "A number is too large to be stored. Check it and try again."),
    ]

    /// By constraint, where a person can do something about it.
    private static let constraints: [String: Refusal] = [
        "person_email_key": invalid("email", "This e-mail address already has an account. Use another one."),
        "person_email_check": invalid(
            "email", "Enter an e-mail address in the usual form, such as name@example.gov.uk."),
        "person_name_check": invalid("name", "Enter a name of 1 to 140 characters."),
        "capacity_once": invalid("capacity", "This person holds that capacity already."),
        "capacity_person_id_role_fkey": invalid("capacity", "People with this role cannot hold that capacity."),
        "capacity_code_role_fkey": invalid("capacity", "People with this role cannot hold that capacity."),
        "capacity_check1": invalid("valid_to", "The last day must not be before the first."),
        "capacity_check2": Refusal(
            .forbidden, code: "own_capacity", "You cannot give yourself a capacity. Ask another administrator."),
        "capacity_scope": invalid("scope", "What the capacity is limited to does not exist. Choose it again."),
        "programme_sor_id_fkey": invalid("seniorOfficer", "There is no such person. Choose the senior officer again."),
        "delegation_check": invalid("valid_to", "The last day must not be before the first."),
        "delegation_check1": Refusal(
            .forbidden, code: "own_delegation", "Nobody may propose or activate their own delegation."),
        "delegation_check2": Refusal(
            .forbidden, code: "same_proposer", "Whoever proposed a delegation may not activate it. Ask somebody else."),
        "delegation_max_amount_check": invalid("limit", "Enter a limit above zero."),
        "delegation_tier_check": invalid("tier", "Enter the tier in 1 to 60 characters."),
        "delegation_instrument_ref_check": invalid("instrument", "Enter the instrument in 1 to 140 characters."),
        "organisation_name_key": invalid("name", "There is an organisation of that name already."),
        "bid_round_id_organisation_id_title_key": Bids.titleTaken,
        "approval_one_in_hand": Refusal(
            .conflict, code: "approval_in_hand", "Another approval of this bid is still in hand. Revise that one."),
        "appraisal_bid_id_appraiser_id_key": invalid(
            "person", "This person has the bid already. Choose somebody else."),
        "award_bid_id_key": Refusal(
            .conflict, code: "award_exists", "This bid has an award already. Look for it in the list of awards."),
        "claim_line_once": invalid(
            "lines", "One of these lines is in another claim of this award already. Take it out."),
        "claim_one_live": Refusal(
            .conflict, code: "claimed_already", "There is a claim for this instalment already."),
        "variation_one_in_hand": Refusal(
            .conflict, code: "variation_in_hand", "Another variation of this award is in hand. Settle that one first."),
        "variation_approval_id_key": invalid("approval", "Another variation rests on this approval. Choose another."),
        "bank_verification_bank_account_id_verified_by_key": Refusal(
            .conflict, code: "verified_already", "You have verified these bank details already."),
        "payment_batch_export_hash_key": Refusal(
            .conflict, code: "file_known", "A batch with exactly this file exists already."),
        "payment_batch_confirmation_hash_key": Refusal(
            .conflict, code: "file_known", "This file was read before. Nothing was changed."),
        "practice_name_key": invalid("name", "There is a practice of that name already. Look for it in the list."),
        "practice_award_once": invalid("bid", "This award is linked to the practice already."),
        "evidence_rating_one_in_hand": Refusal(
            .conflict, code: "rating_in_hand",
            "Another rating of this practice is still in hand. Finish that one first."),
        "la_adoption_practice_id_organisation_id_key": Refusal(
            .conflict, code: "declared", "Your authority has an entry for this practice already. Move that one on."),
        "capacity_assessment_one_in_hand": Refusal(
            .conflict, code: "assessment_in_hand",
            "An assessment of your authority is in hand already. Finish that one first."),
        "idempotency_key_key_check": Refusal(
            .invalid, code: "bad_key", "Use an Idempotency-Key of 1 to 200 characters."),
    ]

    private static func invalid(_ field: String, _ sentence: String) -> Refusal {
        .invalid([FieldProblem(field, sentence)])
    }
}
