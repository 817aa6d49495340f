"""The statements that write a desk straight into its tables, so that every row is what its events tell."""

TICKETS = """
INSERT INTO desk_ticket (id, subject, requester_id, queue_id, status_id, state, waiting_reason, priority, category_id,
    assignee_id, channel, language, source, external_id, client_token, created_at, updated_at, due_at, last_message_at,
    last_requester_message_at, solved_at, confirmed_at, closed_at, outcome)
SELECT n, (%(subjects)s::text[])[1 + n %% %(subject_count)s] || ', number ' || n, (%(requesters)s::bigint[])[1 + (n * 7) %% %(requester_count)s],
       CASE WHEN n %% 1000 = 500 THEN %(small)s ELSE (%(queues)s::bigint[])[1 + (n * 31) %% 3] END,
       CASE state WHEN 'closed' THEN %(closed)s WHEN 'new' THEN %(new)s WHEN 'pending' THEN %(pending)s ELSE %(open)s END, state,
       CASE state WHEN 'pending' THEN 'requester' ELSE '' END, 1 + (n / 3) %% 4, NULL,
       CASE WHEN state = 'new' THEN NULL ELSE (%(agents)s::bigint[])[1 + (n / 5) %% %(agent_count)s] END,
       'portal', 'en', '', '', '', at, at + interval '2 hours',
       CASE WHEN state IN ('new', 'open') THEN %(now)s::timestamptz + interval '3 hours' + (n %% 5000) * interval '1 minute' END,
       at + interval '1 hour', at, NULL, NULL,
       CASE WHEN state = 'closed' THEN at + interval '2 hours' END, CASE WHEN state = 'closed' THEN 'other' ELSE '' END
  FROM (SELECT n, %(begin)s::timestamptz + n * %(step)s::interval AS at,
               CASE WHEN n %% 5 <> 0 THEN 'closed' WHEN n %% 20 = 0 THEN 'new' WHEN n %% 20 = 5 THEN 'pending' ELSE 'open' END AS state
          FROM generate_series(%(low)s::bigint, %(high)s::bigint) n) each
"""
CONVERSATIONS = """
INSERT INTO desk_conversation (id, ticket_id, channel, requester_id, created_at)
SELECT id, id, channel, requester_id, created_at FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s
"""
# What each ticket says: two dozen words drawn so that few are frequent and most are rare, and now and then a sentence in Chinese.
SAID = """
CREATE TEMPORARY TABLE bench_said ON COMMIT DROP AS
SELECT t.id, drawn.words || CASE WHEN t.id %% 5 = 1 THEN ARRAY[%(common)s] ELSE '{}' END
                         || CASE WHEN t.id %% 100 = 3 THEN ARRAY[%(middling)s] ELSE '{}' END
                         || CASE WHEN t.id = ANY(%(rare_ids)s) THEN ARRAY[%(rare)s] ELSE '{}' END AS words,
       c.text AS chinese, coalesce(c.words, '{}') AS pairs
  FROM desk_ticket t
  JOIN (SELECT d.id, array_agg(w.word) AS words
          FROM (SELECT i AS id, 1 + floor(power(random(), 4) * %(vocabulary)s)::int AS n
                  FROM generate_series(%(low)s::bigint, %(high)s::bigint) i, generate_series(1, 24) g OFFSET 0) d
          JOIN bench_word w ON w.n = d.n GROUP BY d.id) drawn ON drawn.id = t.id
  LEFT JOIN bench_chinese c ON t.id %% 10 = 7 AND c.n = (t.id / 10) %% %(chinese_count)s
 WHERE t.id BETWEEN %(low)s AND %(high)s
"""
MESSAGES = """
INSERT INTO desk_message (ticket_id, conversation_id, kind, author_kind, author_user_id, requester_id, automatic, body,
    client_token, created_at)
SELECT t.id, t.id, 'message', CASE WHEN m %% 2 = 1 THEN 'requester' ELSE 'agent' END,
       CASE WHEN m %% 2 = 0 THEN coalesce(t.assignee_id, (%(agents)s::bigint[])[1]) END, CASE WHEN m %% 2 = 1 THEN t.requester_id END, false,
       left(array_to_string(s.words, ' ') || '. ' || coalesce(s.chinese, '') || repeat(' It is so since this morning.', 7), 390), '',
       t.created_at + (m - 1) * interval '5 minutes'
  FROM desk_ticket t JOIN bench_said s ON s.id = t.id,
       generate_series(1, CASE WHEN t.id %% 10 = 0 THEN 8 WHEN t.state = 'new' THEN 1 ELSE 4 END) m
 WHERE t.id BETWEEN %(low)s AND %(high)s ORDER BY t.id, m
"""
EVENTS = """
INSERT INTO ledger_event (stream, kind, payload, actor_kind, actor_id, occurred_at)
SELECT 'ticket:' || id, kind, payload, 'agent', %(agent)s, at FROM (
    SELECT id, 0 AS place, 'desk.ticket_opened' AS kind, created_at AS at, jsonb_build_object('ticket_id', id,
           'requester_id', requester_id, 'queue_id', queue_id, 'status_id', %(new)s, 'state', 'new', 'priority', priority,
           'category_id', NULL, 'channel', channel, 'source', '') AS payload
      FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s
    UNION ALL
    SELECT ticket_id, 1, CASE WHEN author_kind = 'requester' THEN 'desk.message_received' ELSE 'desk.reply_sent' END,
           created_at,
           jsonb_build_object('ticket_id', ticket_id, 'message_id', id, 'conversation_id', conversation_id)
      FROM desk_message WHERE ticket_id BETWEEN %(low)s AND %(high)s
    UNION ALL
    SELECT id, 2, 'desk.status_changed', created_at + interval '1 hour', jsonb_build_object('ticket_id', id,
           'old_status_id', %(new)s, 'new_status_id', %(open)s, 'old', 'new', 'new', 'open', 'reason', '')
      FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s AND state <> 'new'
    UNION ALL
    SELECT id, 3, 'desk.ticket_assigned', created_at + interval '1 hour', jsonb_build_object('ticket_id', id,
           'old_assignee_id', NULL, 'new_assignee_id', assignee_id, 'how', 'manual')
      FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s AND assignee_id IS NOT NULL
    UNION ALL
    SELECT id, 4, 'desk.status_changed', created_at + interval '2 hours', jsonb_build_object('ticket_id', id,
           'old_status_id', %(open)s, 'new_status_id', status_id, 'old', 'open', 'new', state, 'reason', waiting_reason)
      FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s AND state IN ('pending', 'closed')
    UNION ALL
    SELECT id, 5, 'desk.ticket_closed', closed_at, jsonb_build_object('ticket_id', id, 'outcome', outcome)
      FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s AND state = 'closed'
) told ORDER BY id, place, at
"""
# Every ticket that is worked has two promises running, as on a desk with the usual policies.
CLOCKS = """
WITH started AS (
    INSERT INTO sla_clock (ticket_id, kind, policy_version_id, calendar_version_id, target_seconds, state, reason, started_at,
        promised_at, due_at, warn_due_at)
    SELECT t.id, k.kind, %(policy)s, %(calendar)s, 14400, 'running', '', t.created_at, t.created_at, t.due_at + k.later,
           t.due_at + k.later - interval '20 minutes'
      FROM desk_ticket t, (VALUES ('next_response', interval '0'), ('resolution', interval '1 day')) k (kind, later)
     WHERE t.id BETWEEN %(low)s AND %(high)s AND t.due_at IS NOT NULL
    RETURNING id, ticket_id, kind, started_at, due_at
), ran AS (
    INSERT INTO sla_interval (clock_id, started_at, running, reason, calendar_version_id)
    SELECT id, started_at, true, '', %(calendar)s FROM started
)
INSERT INTO ledger_event (stream, kind, payload, actor_kind, occurred_at)
SELECT 'ticket:' || ticket_id, 'sla.clock_started', jsonb_build_object('ticket_id', ticket_id, 'clock_id', id, 'clock_kind', kind,
       'policy_version_id', %(policy)s, 'calendar_version_id', %(calendar)s, 'target_seconds', 14400, 'due_at', due_at), 'system', started_at
  FROM started ORDER BY ticket_id, id
"""
SEARCH = """
INSERT INTO desk_ticketsearch (ticket_id, marks, document)
SELECT t.id, desk_ticket_marks(t),
       array_to_tsvector(desk_ticket_marks(t) || ARRAY[t.id::text, 'number', 'it', 'is', 'so', 'since', 'this', 'morning']
                         || string_to_array(lower((%(subjects)s::text[])[1 + t.id %% %(subject_count)s]), ' ') || s.words || s.pairs)
  FROM desk_ticket t JOIN bench_said s ON s.id = t.id
"""
EVERYTHING = (TICKETS, CONVERSATIONS, SAID, MESSAGES, EVENTS, CLOCKS, SEARCH)
