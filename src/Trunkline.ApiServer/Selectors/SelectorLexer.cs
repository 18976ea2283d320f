namespace Trunkline.ApiServer.Selectors;

/// <summary>Tokens of a label selector; an empty token is the end.</summary>
internal sealed class SelectorLexer(string text)
{
    private int _at;

    public static bool IsWord(string token) => token.Length > 0 && !IsSymbol(token[0]);

    public string Peek()
    {
        var at = _at;
        var token = Next();
        _at = at;
        return token;
    }

    public string Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        if (_at == text.Length)
        {
            return "";
        }

        var start = _at++;
        if (!IsSymbol(text[start]))
        {
            while (_at < text.Length && !IsSymbol(text[_at]) && !char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }
        else if (text[start] is '=' or '!' && _at < text.Length && text[_at] == '=')
        {
            _at++;
        }

        return text[start.._at];
    }

    private static bool IsSymbol(char c) => c is '=' or '!' or '(' or ')' or ',' or '>' or '<';
}
