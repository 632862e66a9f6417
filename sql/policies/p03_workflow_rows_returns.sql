-- The monitoring return's rows of workflow.transition: the same as Domain/WorkflowTables+Returns.swift. Runs after p03.

lock table workflow.transition in share row exclusive mode;

delete from workflow.transition where machine = 'monitoring_return';
insert into workflow.transition (machine, from_state, event, to_state, capacities) values
    ('monitoring_return', '', 'plan', 'scheduled', '{signatory,system}'),
    ('monitoring_return', 'scheduled', 'open', 'open', '{system}'),
    ('monitoring_return', 'open', 'begin', 'in_progress', '{la_editor}'),
    ('monitoring_return', 'in_progress', 'send_for_certification', 'in_certification', '{la_editor}'),
    ('monitoring_return', 'in_certification', 'decline_certification', 'in_progress', '{la_certifier}'),
    ('monitoring_return', 'in_certification', 'submit', 'submitted', '{la_certifier}'),
    ('monitoring_return', 'submitted', 'begin_review', 'under_review', '{programme_officer}'),
    ('monitoring_return', 'under_review', 'request_changes', 'changes_requested', '{programme_officer}'),
    ('monitoring_return', 'under_review', 'accept', 'accepted', '{programme_officer}'),
    ('monitoring_return', 'under_review', 'accept_with_issues', 'accepted_with_issues', '{programme_officer}'),
    ('monitoring_return', 'changes_requested', 'resume', 'in_progress', '{la_editor}'),
    ('monitoring_return', 'reopened', 'resume', 'in_progress', '{la_editor}'),
    ('monitoring_return', 'accepted', 'reopen', 'reopened', '{senior_officer_responsible}'),
    ('monitoring_return', 'accepted_with_issues', 'reopen', 'reopened', '{senior_officer_responsible}'),
    ('monitoring_return', 'scheduled', 'waive', 'waived', '{senior_officer_responsible}'),
    ('monitoring_return', 'open', 'waive', 'waived', '{senior_officer_responsible}');
