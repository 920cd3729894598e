using System.Security.Cryptography;
using System.Text;

// To try it: dotnet run Verify.cs -- <secret> <id> <timestamp> <signature> < body
using var stdin = Console.OpenStandardInput();
using var buffer = new MemoryStream();
stdin.CopyTo(buffer);
return Webhooks.Verify(args[0], args[1], args[2], args[3], buffer.ToArray()) ? 0 : 1;

public static class Webhooks
{
    /// <summary>Whether a request is from Posthorn. body: the bytes as they came, before any JSON parser.</summary>
    public static bool Verify(string secret, string id, string timestamp, string signature, byte[] body)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        if (!long.TryParse(timestamp, out var seconds) || Math.Abs(now - seconds) > 300) return false;
        var key = Convert.FromBase64String(secret.StartsWith("whsec_") ? secret["whsec_".Length..] : secret);
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = Encoding.ASCII.GetBytes(Convert.ToBase64String(HMACSHA256.HashData(key, content)));
        return signature.Split(' ').Any(entry =>
            entry.StartsWith("v1,")
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(entry[3..]), expected));
    }
}
