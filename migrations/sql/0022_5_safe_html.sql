-- Lesson texts hold no markup but what is named here, whoever writes them: a front end may show them as HTML.

create function callx.is_safe_html(_html text) returns boolean
language sql immutable parallel safe
set search_path = ''
as $$
  select coalesce(regexp_replace(
    _html,
    '<(?:/?(?:b|blockquote|caption|code|dd|del|dl|dt|em|h1|h2|h3|h4|i|ins|kbd|li|mark|ol|p|pre|s|small|strong|sub|sup'
    '|table|tbody|td|tfoot|th|thead|tr|u|ul)|br|hr|/a'
    '|a(?: href="(?:https?://|mailto:|tel:|#|/[^/\\"<>[:space:]])[^\\"<>[:space:]]*"| href="/"| title="[^"<>]*"'
    '| target="_blank")* rel="noopener noreferrer"'
    '|t[dh](?: (?:col|row)span="[0-9]{1,3}")+)>',
    ' ', 'g'
  ) !~ '<[a-zA-Z/!?]', true)
$$;
comment on function callx.is_safe_html(text) is
  'Whether no markup is in a text but these tags, written as core/rich_text.py writes them. What is no such tag may not '
  'begin like a tag, so nothing else can be one: a tag that fits has no `<` inside.';

-- A check runs with the rights of whoever writes.
grant execute on function callx.is_safe_html(text) to callx_admin, service_role;
