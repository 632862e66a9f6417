-- Days on which nobody works, besides Saturdays and Sundays. Deadlines in working days are counted around them.

create table public.bank_holiday (
    day  date primary key,
    name text not null check (length(name) between 1 and 100)
);

insert into public.setting (code, value, meaning, source) values
    ('approval_patience_working_days', '5', 'After this many working days without a decision an approval is chased.',
        'Default; set by the department');
