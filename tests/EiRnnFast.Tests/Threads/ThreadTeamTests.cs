using EiRnnFast.Threads;

namespace EiRnnFast.Tests.Threads;

/// <summary>Members meet, see what others wrote, and leave when one fails; with more members than cores too.</summary>
public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void After_a_meeting_every_member_sees_what_the_others_wrote(int size)
    {
        using var team = new ThreadTeam(size);
        for (var round = 0; round < 20; round++)
        {
            int[] written = new int[size], seen = new int[size];
            team.Run(member =>
            {
                for (var step = 1; step <= 50; step++)
                {
                    written[member] = step;
                    team.Meet();
                    if (written.All(value => value == step)) seen[member]++;
                    team.Meet();
                }
            });
            Assert.All(seen, count => Assert.Equal(50, count));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_member_that_throws_ends_the_work_of_all_and_the_team_can_work_again(int size)
    {
        using var team = new ThreadTeam(size);
        for (var failing = 0; failing < size; failing++)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => team.Run(member =>
            {
                team.Meet();
                if (member == failing) throw new InvalidOperationException($"{member}");
                team.Meet();
            }));
            Assert.Equal($"{failing}", thrown.Message);
            var calls = 0;
            team.Run(_ =>
            {
                team.Meet();
                Interlocked.Increment(ref calls);
            });
            Assert.Equal(size, calls);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_number_is_done_once_and_the_exception_of_the_lowest_is_thrown(int threads)
    {
        var done = new int[100];
        ThreadTeam.ForEach(done.Length, threads, () => new object(), (i, _) => Interlocked.Increment(ref done[i]));
        Assert.All(done, count => Assert.Equal(1, count));
        for (var repeat = 0; repeat < 20; repeat++)
            Assert.Equal("13", Assert.Throws<InvalidOperationException>(() => ThreadTeam.ForEach(100, threads, () => 0, (i, _) =>
            {
                if (i >= 13) throw new InvalidOperationException($"{i}");
            })).Message);
    }
}
