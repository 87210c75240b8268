package dev.modelsigning.kms.vault;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.platform.UserDirectories;
import dev.modelsigning.signingkey.KeyContext;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the environment says about a server.
 *
 * @param bao whether it is OpenBao, whose own variables count first
 * @param address where it is, perhaps with a path
 * @param engine where the secrets engine is mounted
 * @param context the environment
 */
record VaultSettings(boolean bao, URI address, String engine, KeyContext context) {

  private static final String ENGINE = "TRANSIT_SECRET_ENGINE_PATH";

  private static final Pattern SEGMENTS =
      Pattern.compile("(?!\\.\\.?(/|$))[A-Za-z0-9_.-]+(/(?!\\.\\.?(/|$))[A-Za-z0-9_.-]+)*");

  private static final Pattern PLAIN_PATH =
      Pattern.compile("(/(?!\\.\\.?(/|$))[A-Za-z0-9_.-]+)*/?");

  /** A token or a namespace is sent in a header: printable ASCII without blanks. */
  private static final Pattern HEADER = Pattern.compile("[!-~]{1,8192}");

  /** Reads the settings that need no file. */
  static VaultSettings of(VaultUri uri, KeyContext context) throws InvalidKeyException {
    boolean bao = uri.scheme().equals(VaultUri.OPENBAO);
    return new VaultSettings(bao, address(bao, context), engine(context), context);
  }

  /**
   * The name under which a variable is set, or could be.
   *
   * @param vault its name for Vault; OpenBao has its own, which counts first
   */
  private static String name(boolean bao, KeyContext context, String vault) {
    String own = bao ? vault.replaceFirst("^VAULT_", "BAO_") : vault;
    return context.variable(own).isEmpty() && context.variable(vault).isPresent() ? vault : own;
  }

  private String name(String vault) {
    return name(bao, context, vault);
  }

  private Optional<String> variable(String vault) {
    return context.variable(name(vault));
  }

  private static URI address(boolean bao, KeyContext context) throws InvalidKeyException {
    String name = name(bao, context, "VAULT_ADDR");
    Optional<String> given = context.variable(name);
    if (given.isEmpty()) {
      throw new InvalidKeyException(
          "the variable "
              + name
              + " is not set, which names the server that has the key; set it, as in "
              + name
              + "=https://vault.example:8200");
    }
    URI address;
    try {
      address = new URI(given.get().strip());
    } catch (URISyntaxException e) {
      // Without the cause, which shows the text, and that may contain a password.
      throw unusable(name, "an address that is damaged at character " + (e.getIndex() + 1));
    }
    String scheme = String.valueOf(address.getScheme());
    boolean plain = scheme.equalsIgnoreCase("http");
    if (address.getHost() == null || !(plain || scheme.equalsIgnoreCase("https"))) {
      throw unusable(name, "something else");
    }
    if (address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null) {
      throw unusable(name, "one with a user, a query or a fragment");
    }
    if (!PLAIN_PATH.matcher(address.getRawPath()).matches()) {
      throw unusable(name, "one whose path is not plain");
    }
    if (plain && !ServiceClient.isHere(address)) {
      throw unusable(
          name, "http to another machine, where everybody on the way could read the token");
    }
    return address;
  }

  private static InvalidKeyException unusable(String variable, String found) {
    return new InvalidKeyException(
        "the variable "
            + variable
            + ": expected an address such as https://vault.example:8200, found "
            + found);
  }

  private static String engine(KeyContext context) throws InvalidKeyException {
    String engine =
        context.variable("TRANSIT_SECRET_ENGINE_PATH").orElse("transit").replaceAll("^/+|/+$", "");
    if (!SEGMENTS.matcher(engine).matches()) {
      throw new InvalidKeyException(
          "the variable "
              + ENGINE
              + ": expected where the secrets engine is mounted, such as transit, found "
              + Printable.quote(engine));
    }
    return engine;
  }

  /** The name of the server in messages. */
  String product() {
    return bao ? "OpenBao" : "Vault";
  }

  /** The variable that gave the address. */
  String addressVariable() {
    return name("VAULT_ADDR");
  }

  /** The namespace; empty if none was given. */
  Optional<String> namespace() throws InvalidKeyException {
    Optional<String> namespace = variable("VAULT_NAMESPACE");
    if (namespace.isPresent() && !HEADER.matcher(namespace.get()).matches()) {
      throw new InvalidKeyException(
          "the variable "
              + name("VAULT_NAMESPACE")
              + ": expected printable ASCII without blanks, found "
              + Printable.quote(namespace.get()));
    }
    return namespace;
  }

  /** The name of the variable with the authorities, if it is set. */
  Optional<String> authoritiesVariable() {
    return variable("VAULT_CACERT").map(value -> name("VAULT_CACERT"));
  }

  /**
   * The file with the only authorities that are trusted for TLS; empty for those of all services.
   */
  Optional<Path> authorities() throws InvalidKeyException {
    try {
      return variable("VAULT_CACERT").map(Path::of);
    } catch (InvalidPathException e) {
      throw new InvalidKeyException("the variable " + name("VAULT_CACERT") + " is no path here", e);
    }
  }

  /**
   * The token, which is never shown.
   *
   * @throws InvalidKeyException if there is none
   */
  String token() throws IOException, InvalidKeyException {
    String origin = "the variable " + name("VAULT_TOKEN");
    Optional<String> token = variable("VAULT_TOKEN");
    if (token.isEmpty()) {
      Path file =
          tokenFile()
              .filter(Files::exists)
              .orElseThrow(() ->
                  new InvalidKeyException(
                      "there is no token for "
                          + product()
                          + ": set the variable "
                          + name("VAULT_TOKEN")
                          + ", or log in, which writes .vault-token to the home directory"));
      origin = file.toString();
      token =
          Optional.of(
              new String(
                  SmallFile.read(file, FileKind.SERVICE_TOKEN), StandardCharsets.ISO_8859_1));
    }
    String stripped = token.get().strip();
    if (!HEADER.matcher(stripped).matches()) {
      throw new InvalidKeyException(
          origin + ": expected a token of printable ASCII without blanks, found something else");
    }
    return stripped;
  }

  private Optional<Path> tokenFile() {
    return UserDirectories.of(context.environment())
        .home()
        .map(home -> home.resolve(".vault-token"));
  }

  /** The files that are read. */
  List<Path> files() throws InvalidKeyException {
    List<Path> files = new ArrayList<>();
    authorities().ifPresent(files::add);
    if (variable("VAULT_TOKEN").isEmpty()) {
      tokenFile().ifPresent(files::add);
    }
    return files;
  }
}
