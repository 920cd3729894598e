import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Verify {
  /** Whether a request is from Posthorn. body: the bytes as they came, before any JSON parser. */
  public static boolean verify(String secret, String id, String timestamp, String signature, byte[] body)
      throws GeneralSecurityException {
    if (!timestamp.matches("[0-9]{1,10}")
        || Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(timestamp)) > 300) {
      return false;
    }
    byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
    byte[] expected = Base64.getEncoder().encode(mac.doFinal(body));
    for (String entry : signature.split(" ")) {
      if (entry.startsWith("v1,")
          && MessageDigest.isEqual(entry.substring(3).getBytes(StandardCharsets.UTF_8), expected)) {
        return true;
      }
    }
    return false;
  }

  /** To try it: java Verify.java {secret} {id} {timestamp} {signature} < body */
  public static void main(String[] args) throws Exception {
    System.exit(verify(args[0], args[1], args[2], args[3], System.in.readAllBytes()) ? 0 : 1);
  }
}
