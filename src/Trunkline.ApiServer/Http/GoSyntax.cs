using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Http;

/// <summary>What Go's JSON scanner (encoding/json) says about bad JSON: the offending character, and where in the grammar it stood.</summary>
internal static class GoSyntax
{
    private const string CutOff = "unexpected end of JSON input";

    // Deeper documents are refused by every reader here, so the scanner needs to go no deeper.
    private const int MaxDepth = 256;

    public static string Describe(ReadOnlySpan<byte> json, string prefix = "")
    {
        var scanner = new Scanner(json);
        return prefix + (scanner.Document() ?? CutOff);
    }

    private static string Bad(byte letter, string where)
    {
        var shown = letter switch
        {
            (byte)'\'' => "'\\''",
            (byte)'"' => "'\"'",
            _ => $"'{Go.Quote(((char)letter).ToString())[1..^1]}'",
        };
        return $"invalid character {shown} {where}";
    }

    /// <summary>One pass over the bytes; each method gives null where all is well, else the complaint.</summary>
    private ref struct Scanner(ReadOnlySpan<byte> json)
    {
        private readonly ReadOnlySpan<byte> _json = json;
        private int _at;

        public string? Document()
        {
            if (Value(0) is { } wrong)
            {
                return wrong;
            }

            Space();
            return _at < _json.Length ? Bad(_json[_at], "after top-level value") : null;
        }

        private string? Value(int depth)
        {
            Space();
            if (_at >= _json.Length)
            {
                return CutOff;
            }

            if (depth > MaxDepth)
            {
                return "exceeded max depth";
            }

            var letter = _json[_at++];
            return letter switch
            {
                (byte)'{' => Object(depth),
                (byte)'[' => Array(depth),
                (byte)'"' => Text(),
                (byte)'t' => Literal("true"),
                (byte)'f' => Literal("false"),
                (byte)'n' => Literal("null"),
                (byte)'-' or (>= (byte)'0' and <= (byte)'9') => Number(letter),
                _ => Bad(letter, "looking for beginning of value"),
            };
        }

        private string? Object(int depth)
        {
            if (Next('}'))
            {
                return null;
            }

            while (true)
            {
                if (Expect('"', "looking for beginning of object key string") is { } noKey)
                {
                    return noKey;
                }

                if ((Text() ?? Expect(':', "after object key") ?? Value(depth + 1)) is { } wrong)
                {
                    return wrong;
                }

                if (Next('}'))
                {
                    return null;
                }

                if (Expect(',', "after object key:value pair") is { } noComma)
                {
                    return noComma;
                }
            }
        }

        private string? Array(int depth)
        {
            if (Next(']'))
            {
                return null;
            }

            while (true)
            {
                if (Value(depth + 1) is { } wrong)
                {
                    return wrong;
                }

                if (Next(']'))
                {
                    return null;
                }

                if (Expect(',', "after array element") is { } noComma)
                {
                    return noComma;
                }
            }
        }

        private string? Text()
        {
            while (_at < _json.Length)
            {
                var letter = _json[_at++];
                if (letter == '"')
                {
                    return null;
                }

                if (letter < 0x20)
                {
                    return Bad(letter, "in string literal");
                }

                if (letter == '\\' && Escape() is { } wrong)
                {
                    return wrong;
                }
            }

            return CutOff;
        }

        private string? Escape()
        {
            if (_at >= _json.Length)
            {
                return CutOff;
            }

            var letter = _json[_at++];
            if (letter != 'u')
            {
                return "bfnrt\\/\"".Contains((char)letter, StringComparison.Ordinal) ? null : Bad(letter, "in string escape code");
            }

            for (var i = 0; i < 4; i++)
            {
                if (_at >= _json.Length)
                {
                    return CutOff;
                }

                if (!char.IsAsciiHexDigit((char)_json[_at++]))
                {
                    return Bad(_json[_at - 1], "in \\u hexadecimal character escape");
                }
            }

            return null;
        }

        private string? Literal(string word)
        {
            for (var i = 1; i < word.Length; i++)
            {
                if (_at >= _json.Length)
                {
                    return CutOff;
                }

                if (_json[_at++] != word[i])
                {
                    return Bad(_json[_at - 1], $"in literal {word} (expecting '{word[i]}')");
                }
            }

            return null;
        }

        private string? Number(byte first)
        {
            if (first == '-')
            {
                if (Digit("in numeric literal") is { } wrong)
                {
                    return wrong;
                }

                first = _json[_at - 1];
            }

            if (first != '0')
            {
                Digits();
            }

            if (At('.'))
            {
                if (Digit("after decimal point in numeric literal") is { } noDigit)
                {
                    return noDigit;
                }

                Digits();
            }

            if (At('e') || At('E'))
            {
                _ = At('+') || At('-');
                if (Digit("in exponent of numeric literal") is { } noExponent)
                {
                    return noExponent;
                }

                Digits();
            }

            return null;
        }

        private string? Digit(string where)
        {
            if (_at >= _json.Length)
            {
                return CutOff;
            }

            return char.IsAsciiDigit((char)_json[_at++]) ? null : Bad(_json[_at - 1], where);
        }

        private void Digits()
        {
            while (_at < _json.Length && char.IsAsciiDigit((char)_json[_at]))
            {
                _at++;
            }
        }

        private bool At(char letter)
        {
            if (_at < _json.Length && _json[_at] == letter)
            {
                _at++;
                return true;
            }

            return false;
        }

        private bool Next(char letter)
        {
            Space();
            return At(letter);
        }

        private string? Expect(char letter, string where)
        {
            Space();
            if (_at >= _json.Length)
            {
                return CutOff;
            }

            return _json[_at++] == letter ? null : Bad(_json[_at - 1], where);
        }

        private void Space()
        {
            while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r')
            {
                _at++;
            }
        }
    }
}
