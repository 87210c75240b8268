package dev.modelsigning.kms.vault;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.keyfile.EcKeys;
import dev.modelsigning.internal.keyfile.PemException;
import dev.modelsigning.internal.keyfile.PemText;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.net.URI;
import java.security.InvalidKeyException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key of the secrets engine {@code transit}: what the server says about it, and its signatures.
 */
final class Transit {

  /** More versions than any key has; all of them come in one answer. */
  private static final int MAX_VERSIONS = 10_000;

  private static final int MAX_CAPABILITIES = 100;

  private static final Pattern SIGNATURE = Pattern.compile("vault:v([0-9]{1,9}):([A-Za-z0-9+/=]+)");

  private final VaultService service;
  private final String key;
  private final String engine;

  Transit(VaultService service, String key, String engine) {
    this.service = service;
    this.key = key;
    this.engine = engine;
  }

  /** The address of the server. */
  URI address() {
    return service.address();
  }

  /** The key in messages. */
  @Override
  public String toString() {
    return "the key "
        + Printable.quote(key)
        + " of "
        + service.product()
        + " at "
        + service.shown();
  }

  /** What the server says about a key. */
  private static final class Description {
    private String type = "";
    private long latest;
    private boolean signs = true;
    private boolean deleted;
    private final Map<String, String> publicKeys = new HashMap<>();

    private void read(JsonReader reader, String name) throws MalformedJsonException {
      switch (name) {
        case "type" -> type = reader.string(100);
        case "latest_version" -> latest = reader.positiveInteger();
        case "supports_signing" -> signs = reader.bool();
        case "soft_deleted" -> deleted = reader.bool();
        case "keys" -> reader.object(MAX_VERSIONS, version -> readVersion(reader, version));
        default -> reader.skip();
      }
    }

    /** A version of a symmetric key is only a time. */
    private void readVersion(JsonReader reader, String version) throws MalformedJsonException {
      if (!reader.isObject()) {
        reader.skip();
        return;
      }
      reader.object(name -> {
        if (name.equals("public_key") && reader.isString()) {
          publicKeys.put(version, reader.string());
        } else {
          reader.skip();
        }
      });
    }
  }

  /**
   * Reads the latest version of the key.
   *
   * @throws IOException if the server cannot be reached, or answers something else
   * @throws InvalidKeyException if there is no such key, it may not be read, or it is of another
   *     kind than those of OMS
   */
  TransitKey.Version latest() throws IOException, InvalidKeyException {
    String path = engine + "/keys/" + key;
    Answer answer = service.get(path);
    Refusal.unlessSuccess(
        service,
        answer,
        "'read' on " + path,
        "it has no key "
            + Printable.quote(key)
            + " in the engine "
            + Printable.quote(engine)
            + "; check the name, and TRANSIT_SECRET_ENGINE_PATH");
    Description found = new Description();
    service.data(answer, found::read);
    try {
      return version(found);
    } catch (InvalidKeyException e) {
      throw new InvalidKeyException(
          answer.describe("has another key: " + e.getMessage()), answer.cause(e));
    }
  }

  private TransitKey.Version version(Description found) throws InvalidKeyException {
    EcdsaScheme scheme = scheme(found.type);
    if (found.deleted) {
      throw new InvalidKeyException("it was deleted; have it restored, or name another key");
    }
    if (!found.signs) {
      throw new InvalidKeyException("it does not sign");
    }
    String pem = found.publicKeys.get(Long.toString(found.latest));
    if (pem == null) {
      throw new InvalidKeyException("its latest version has no public key");
    }
    VerifyingKey publicKey;
    try {
      publicKey = EcKeys.publicKey(PemText.only(pem, "PUBLIC KEY").content());
    } catch (PemException e) {
      throw new InvalidKeyException("its public key: " + e.getMessage(), e);
    }
    if (publicKey.scheme() != scheme) {
      throw new InvalidKeyException(
          "its type is "
              + Printable.quote(found.type)
              + ", and its public key is one for "
              + publicKey.scheme().name());
    }
    return new TransitKey.Version(publicKey, scheme, found.latest);
  }

  private static EcdsaScheme scheme(String type) throws InvalidKeyException {
    for (EcdsaScheme scheme : EcdsaScheme.values()) {
      if (type.equals("ecdsa-" + scheme.curve().toLowerCase(Locale.ROOT).replace("-", ""))) {
        return scheme;
      }
    }
    throw new InvalidKeyException(
        EcdsaScheme.unsupported("its type is " + Printable.quote(type))
            + "; a new one is made with type=ecdsa-p256");
  }

  private String signPath(EcdsaScheme scheme) {
    String hash = scheme.prehash().orElseThrow().replace("SHA-", "sha2-");
    return engine + "/sign/" + key + "/" + hash;
  }

  /**
   * Requires that the token may sign, as far as the server tells.
   *
   * @throws IOException if the server cannot be reached, or answers something else
   * @throws InvalidKeyException if it may not
   */
  void requireMaySign(EcdsaScheme scheme) throws IOException, InvalidKeyException {
    String path = signPath(scheme);
    Answer answer =
        service.post(
            "sys/capabilities-self", json -> json.array("paths", paths -> paths.string(path)));
    if (answer.status() / 100 == 4) {
      return; // the token may not ask this, so signing itself will tell
    }
    Refusal.unlessSuccess(
        service, answer, "'update' on sys/capabilities-self", "it has no such API");
    Set<String> capabilities = new HashSet<>();
    service.data(
        answer,
        (reader, name) -> {
          if (name.equals("capabilities")) {
            reader.array(MAX_CAPABILITIES, index -> capabilities.add(reader.string()));
          } else {
            reader.skip();
          }
        });
    if (!capabilities.contains("update") && !capabilities.contains("root")) {
      throw new InvalidKeyException(
          answer.describe(
              "does not let this token sign with the key "
                  + Printable.quote(key)
                  + ": its policies lack 'update' on "
                  + path));
    }
  }

  /**
   * Signs a hash.
   *
   * @param version the version to sign with, and no other
   * @param digest the hash of the message by the scheme
   * @return the signature, which the caller must verify
   * @throws IOException if the server cannot be reached, or answers something else
   * @throws InvalidKeyException if it refuses, or signs with another version
   */
  Bytes sign(TransitKey.Version version, Bytes digest) throws IOException, InvalidKeyException {
    String path = signPath(version.scheme());
    Answer answer =
        service.post(
            path,
            json ->
                json.string("input", Base64.getEncoder().encodeToString(digest.toArray()))
                    .bool("prehashed", true)
                    .string("marshaling_algorithm", "asn1")
                    .integer("key_version", version.number()));
    Refusal.unlessSuccess(
        service,
        answer,
        "'update' on " + path,
        "the key was deleted after its public key was read");
    String[] signature = {""};
    service.data(
        answer,
        (reader, name) -> {
          if (name.equals("signature")) {
            signature[0] = reader.string();
          } else {
            reader.skip();
          }
        });
    Matcher matcher = SIGNATURE.matcher(signature[0]);
    if (!matcher.matches()) {
      throw new InvalidKeyException(
          answer.describe(
              "did not sign: expected 'vault:vN:' and Base64, found "
                  + Printable.quote(signature[0])));
    }
    if (Long.parseLong(matcher.group(1)) != version.number()) {
      throw new InvalidKeyException(
          answer.describe(
              "signed with version "
                  + matcher.group(1)
                  + " of the key, expected version "
                  + version.number()
                  + ", whose public key was read; was the key rotated? Sign again"));
    }
    try {
      return Bytes.of(Base64.getDecoder().decode(matcher.group(2)));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException(
          answer.describe("did not sign: the Base64 of the signature is damaged"), answer.cause(e));
    }
  }
}
