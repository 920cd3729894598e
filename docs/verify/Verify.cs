using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

// For .NET, .NET Framework 4.6 and later, and Mono.
public static class Webhooks
{
    /// <summary>Whether a request is from Posthorn. body: the bytes as they came, before any JSON parser.</summary>
    public static bool Verify(string secret, string id, string timestamp, string signature, byte[] body)
    {
        long seconds;
        if (!long.TryParse(timestamp, out seconds)) return false;
        if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > 300) return false;
        var key = Convert.FromBase64String(secret.StartsWith("whsec_") ? secret.Substring("whsec_".Length) : secret);
        var content = Encoding.UTF8.GetBytes(id + "." + timestamp + ".").Concat(body).ToArray();
        using (var hmac = new HMACSHA256(key))
        {
            var expected = Convert.ToBase64String(hmac.ComputeHash(content));
            return signature.Split(' ').Any(entry =>
                entry.StartsWith("v1,") && IsSame(entry.Substring("v1,".Length), expected));
        }
    }

    // In the same time, wherever they differ.
    private static bool IsSame(string a, string b)
    {
        var difference = a.Length ^ b.Length;
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++) difference |= a[i] ^ b[i];
        return difference == 0;
    }
}

// To try it: dotnet run Verify.cs -- <secret> <id> <timestamp> <signature> < body
public static class Program
{
    public static int Main(string[] args)
    {
        using (var body = new MemoryStream())
        {
            Console.OpenStandardInput().CopyTo(body);
            return Webhooks.Verify(args[0], args[1], args[2], args[3], body.ToArray()) ? 0 : 1;
        }
    }
}
