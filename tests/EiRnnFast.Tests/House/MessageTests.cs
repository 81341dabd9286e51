namespace EiRnnFast.Tests.House;

public sealed class MessageTests
{
    [Fact]
    public void A_message_is_one_line_whatever_it_quotes()
    {
        var message = InvalidInputException.Of("sign", "'n\te\r\n\u001b[2J\u202e\u2028'", "one of presynaptic", "correct the line").Message;
        Assert.Equal("sign: found 'n e   [2J  ', expected one of presynaptic; correct the line", message);
        Assert.Equal("a b", new ComputationException("a\nb").Message);
    }
}
