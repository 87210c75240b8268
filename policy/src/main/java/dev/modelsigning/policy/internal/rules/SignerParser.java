package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.tree.MapFields;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads signers.
 *
 * @param directory the directory of relative paths
 */
record SignerParser(Path directory) {

  private static final Map<String, SignerText.Revocation> REVOCATION = revocation();

  private static Map<String, SignerText.Revocation> revocation() {
    Map<String, SignerText.Revocation> words = new LinkedHashMap<>();
    words.put("required", SignerText.Revocation.REQUIRED);
    words.put("if-known", SignerText.Revocation.IF_KNOWN);
    words.put("none", SignerText.Revocation.NOT_CHECKED);
    return words;
  }

  SignerText parse(String name, Value value) throws MalformedPolicyException {
    MapFields methods = value.fields("key", "certificate", "sigstore");
    Value one = methods.requireOne("key", "certificate", "sigstore");
    if (methods.has("key")) {
      return key(name, value, one);
    }
    return methods.has("certificate") ? certificate(name, value, one) : keyless(name, value, one);
  }

  private SignerText key(String name, Value signer, Value value) throws MalformedPolicyException {
    MapFields fields = value.fields("public-key", "timestamps");
    return new SignerText.Key(
        name, signer.place(), file(fields.require("public-key")), files(fields, "timestamps"));
  }

  private SignerText certificate(String name, Value signer, Value value)
      throws MalformedPolicyException {
    MapFields fields =
        value.fields(
            "identity", "fingerprint", "trust", "timestamps", "revocation", "revocation-lists");
    if (!fields.has("identity") && !fields.has("fingerprint")) {
      // Whoever has a certificate of these authorities would be the signer.
      throw value.refused("expected identity or fingerprint, found neither");
    }
    List<String> identities = new ArrayList<>();
    for (Value identity : fields.texts("identity")) {
      identities.add(identity.text());
    }
    List<String> fingerprints = new ArrayList<>();
    for (Value fingerprint : fields.texts("fingerprint")) {
      String normalized = fingerprint(fingerprint);
      if (fingerprints.contains(normalized)) {
        throw fingerprint.refused("named twice: " + Printable.quote(fingerprint.text()));
      }
      fingerprints.add(normalized);
    }
    fields.require("trust");
    return new SignerText.Certificate(
        name,
        signer.place(),
        identities,
        fingerprints,
        files(fields, "trust"),
        files(fields, "timestamps"),
        fields.word("revocation", REVOCATION, SignerText.Revocation.NOT_CHECKED),
        files(fields, "revocation-lists"));
  }

  /** As on the command line: with or without colons and prefix, in upper or lower case. */
  private static String fingerprint(Value value) throws MalformedPolicyException {
    String hex = value.text().toLowerCase(Locale.ROOT);
    hex = (hex.startsWith("sha256:") ? hex.substring("sha256:".length()) : hex).replace(":", "");
    if (!hex.matches("[0-9a-f]{64}")) {
      throw value.expected("a SHA-256 fingerprint of 64 hexadecimal digits");
    }
    return hex;
  }

  private SignerText keyless(String name, Value signer, Value value)
      throws MalformedPolicyException {
    MapFields fields = value.fields("identity", "identity-regexp", "issuer", "trusted-root");
    String who = fields.requireOne("identity", "identity-regexp").text();
    boolean exact = fields.has("identity");
    if (!exact) {
      try {
        IdentityExpression.of(who);
      } catch (IllegalArgumentException e) {
        throw fields.require("identity-regexp").refused(String.valueOf(e.getMessage()));
      }
    }
    Optional<Path> root =
        fields.has("trusted-root")
            ? Optional.of(file(fields.require("trusted-root")))
            : Optional.empty();
    return new SignerText.Keyless(
        name,
        signer.place(),
        exact ? Optional.of(who) : Optional.empty(),
        exact ? Optional.empty() : Optional.of(who),
        fields.require("issuer").text(),
        root);
  }

  private List<Path> files(MapFields fields, String name) throws MalformedPolicyException {
    List<Path> files = new ArrayList<>();
    for (Value value : fields.texts(name)) {
      Path file = file(value);
      if (files.contains(file)) {
        throw value.refused("named twice: " + Printable.quote(value.text()));
      }
      files.add(file);
    }
    return files;
  }

  /**
   * A relative path stays below the directory, so that whoever copies a policy with its files has
   * all of them. Links are looked at when the file is opened.
   */
  private Path file(Value value) throws MalformedPolicyException {
    String text = value.text("a path");
    Path path;
    try {
      path = directory.getFileSystem().getPath(text);
    } catch (InvalidPathException e) {
      throw value.refused("expected a path, found " + Printable.quote(text));
    }
    if (path.isAbsolute()) {
      return path;
    }
    Path normal = path.normalize();
    if (normal.toString().isEmpty()) {
      throw value.refused("expected a file, found the policy's directory");
    }
    if (normal.startsWith("..")) {
      throw value.refused(
          "expected a path below the policy's directory, or an absolute one, found "
              + Printable.quote(text));
    }
    return directory.resolve(normal);
  }
}
