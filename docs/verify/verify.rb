require "openssl"

# Whether a request is from Posthorn. body: the bytes as they came, before any JSON parser.
def verify(secret, id, timestamp, signature, body)
  return false unless timestamp.match?(/\A\d+\z/) && (Time.now.to_i - timestamp.to_i).abs <= 300

  key = secret.delete_prefix("whsec_").unpack1("m")
  content = "#{id}.#{timestamp}.".b + body.b
  expected = [OpenSSL::HMAC.digest("SHA256", key, content)].pack("m0")
  signature.split(" ").any? do |entry|
    entry.start_with?("v1,") && OpenSSL.secure_compare(entry[3..], expected)
  end
end

# To try it: ruby verify.rb <secret> <id> <timestamp> <signature> < body
exit(verify(*ARGV, $stdin.binmode.read)) if __FILE__ == $PROGRAM_NAME
