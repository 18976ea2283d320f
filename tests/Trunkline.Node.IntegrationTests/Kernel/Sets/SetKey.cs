namespace Trunkline.Node.IntegrationTests.Kernel.Sets;

/// <summary>The fields of a key side by side, so that they can be hashed: two wide ones (addresses), and the rest packed.</summary>
internal readonly record struct SetKey(UInt128 First, UInt128 Second, UInt128 Rest)
{
    public static SetKey Of(ReadOnlySpan<UInt128> fields)
    {
        var (first, second, rest) = (UInt128.Zero, UInt128.Zero, UInt128.Zero);
        for (var index = 0; index < fields.Length; index++)
        {
            switch (index)
            {
                case 0:
                    first = fields[index];
                    break;
                case 1:
                    second = fields[index];
                    break;
                default:
                    rest = (rest << 40) | (fields[index] + 1);
                    if (index > 4 || fields[index] >> 39 != 0)
                    {
                        throw new UnknownRuleException("a key of more or wider fields than the model holds");
                    }

                    break;
            }
        }

        return new SetKey(first, second, rest);
    }
}
