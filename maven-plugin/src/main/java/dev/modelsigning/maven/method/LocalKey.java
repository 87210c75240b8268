package dev.modelsigning.maven.method;

import dev.modelsigning.SignedModel;
import dev.modelsigning.internal.file.ByteOrderMark;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.maven.build.Build;
import dev.modelsigning.maven.build.Values;
import dev.modelsigning.maven.build.WrongParameterException;
import dev.modelsigning.pkcs11.Pkcs11KeyProvider;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProviders;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.timestamp.TimestampAuthority;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampedVerifier;
import dev.modelsigning.timestamp.TimestampingSigner;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The common part of the methods with a private key: its location, and time stamps. */
public abstract sealed class LocalKey implements SigningMethod
    permits KeyMethod, CertificateMethod {

  private static final String PASSWORD_VARIABLE = "MODEL_SIGNING_PASSWORD";
  private static final String PIN_VARIABLE = "PKCS11_PIN";

  // Maven sets these fields by name.
  private @Nullable String privateKey;
  private @Nullable File modulePath;
  private @Nullable File passwordFile;
  private @Nullable String passwordServer;
  private @Nullable String pinServer;
  private @Nullable String tsaUrl;
  private @Nullable List<File> tsaCertificateChain;

  private final KeyProviders providers = KeyProviders.installed();

  /** The name of the element, such as {@code key}. */
  abstract String element();

  /** The full name of a parameter of the element. */
  final String parameter(String name) {
    return element() + "." + name;
  }

  /** Whether a private key is configured. */
  final boolean hasPrivateKey() {
    return privateKey != null;
  }

  /** The private key as configured: a path or a URI. */
  final String privateKey() throws WrongParameterException {
    return Values.required(
        parameter("privateKey"), privateKey, "the file with the private key, or its URI");
  }

  /** The URI of a key; empty if it is a path. */
  final Optional<URI> uri(String name, String key) throws WrongParameterException {
    String parameter = parameter(name);
    String plain = key.toLowerCase(Locale.ROOT);
    if (plain.contains("pin-value") || plain.contains("pin_value")) {
      throw new WrongParameterException(
          parameter,
          "a PIN in the URI can be read by everybody who sees the POM or the log; give it by"
              + " pin-source, in the variable "
              + PIN_VARIABLE
              + ", or by <pinServer>");
    }
    try {
      return providers.uri(key);
    } catch (InvalidKeyException e) {
      throw new WrongParameterException(parameter, String.valueOf(e.getMessage()));
    }
  }

  /** The path of a key. */
  final Path path(String name, String key, Build build) throws WrongParameterException {
    try {
      return build.directory().resolve(key);
    } catch (InvalidPathException e) {
      throw new WrongParameterException(parameter(name), "expected a path or a URI of a key");
    }
  }

  final KeyProviders providers() {
    return providers;
  }

  /** The context for opening a key, without user interaction. */
  final KeyContext context(Build build) throws WrongParameterException {
    if (passwordFile != null && passwordServer != null) {
      throw new WrongParameterException(
          parameter("passwordFile"), "excludes <passwordServer>; give one of them");
    }
    KeyContext context =
        KeyContext.withDefaults()
            .withFindings(build.log()::finding)
            .withSecrets(request -> secret(request, build));
    return modulePath == null
        ? context
        : context.withOption(Pkcs11KeyProvider.MODULE_PATH, modulePath.toString());
  }

  private char[] secret(SecretSource.Request request, Build build)
      throws IOException, SigningException {
    boolean pin = request.kind() == SecretSource.Kind.PIN;
    String server = pin ? pinServer : passwordServer;
    String variable = pin ? PIN_VARIABLE : PASSWORD_VARIABLE;
    try {
      if (server != null) {
        return build.servers().password(parameter(pin ? "pinServer" : "passwordServer"), server);
      }
    } catch (WrongParameterException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
    if (!pin && passwordFile != null) {
      Path file = passwordFile.toPath();
      return ByteOrderMark.text(file, SmallFile.read(file, FileKind.PASSWORD))
          .replaceFirst("\r?\n\\z", "")
          .toCharArray();
    }
    String value = build.environment().getOrDefault(variable, "");
    if (!value.isEmpty()) {
      return value.toCharArray();
    }
    throw new SigningException(
        pin
            ? "the token "
                + request.prompt()
                + " wants a PIN; name a server of settings.xml by <pinServer>, give a file by"
                + " '?pin-source=file:/run/pin' in the URI, or the PIN in "
                + variable
            : request.prompt()
                + ": the private key is encrypted; name a server of settings.xml by"
                + " <passwordServer>, a file by <passwordFile>, or give the password in "
                + variable);
  }

  /** The trusted Time Stamping Authorities; empty if there are none. */
  final Optional<TimestampVerifier> timestamps()
      throws IOException, UnusableTrustException, WrongParameterException {
    List<Path> files = tsaFiles();
    return files.isEmpty() ? Optional.empty() : Optional.of(TimestampVerifier.load(files));
  }

  /** The verifier, extended to verify time stamps if a Time Stamping Authority is trusted. */
  final BundleVerifier stamped(BundleVerifier verifier)
      throws IOException, UnusableTrustException, WrongParameterException {
    Optional<TimestampVerifier> trusted = timestamps();
    return trusted.isEmpty() ? verifier : TimestampedVerifier.using(verifier, trusted.get());
  }

  /** Adds a time stamp to signatures, if one is configured. */
  private UnaryOperator<PayloadSigner> stamping(Build build)
      throws IOException, UnusableTrustException, WrongParameterException {
    if (tsaUrl == null) {
      return UnaryOperator.identity();
    }
    build.requireOnline(parameter("tsaUrl"));
    TimestampAuthority authority;
    try {
      authority = TimestampAuthority.at(Values.address(parameter("tsaUrl"), tsaUrl));
    } catch (IllegalArgumentException e) {
      throw new WrongParameterException(parameter("tsaUrl"), String.valueOf(e.getMessage()));
    }
    Optional<TimestampVerifier> trusted = timestamps();
    return signer -> {
      TimestampingSigner stamping = TimestampingSigner.using(signer, authority);
      return trusted.isEmpty() ? stamping : stamping.verifyingBy(trusted.get());
    };
  }

  private List<Path> tsaFiles() throws WrongParameterException {
    return Values.files(parameter("tsaCertificateChain"), tsaCertificateChain);
  }

  @Override
  public final SignedModel sign(Build build, Signing signing)
      throws IOException, UnusableTrustException, SigningException, WrongParameterException {
    UnaryOperator<PayloadSigner> stamping = stamping(build);
    return sign(build, signer -> signing.by(stamping.apply(signer)), context(build));
  }

  /** Opens the key and signs the model with it. */
  abstract SignedModel sign(Build build, Signing signing, KeyContext context)
      throws IOException, UnusableTrustException, SigningException, WrongParameterException;

  @Override
  public final List<Path> inputs(Build build)
      throws IOException, SigningException, WrongParameterException {
    List<Path> inputs = new ArrayList<>(tsaFiles());
    if (passwordFile != null) {
      inputs.add(passwordFile.toPath());
    }
    if (privateKey != null) {
      inputs.addAll(files("privateKey", privateKey, build));
    }
    addInputs(build, inputs);
    return inputs;
  }

  /** Adds the input files that are specific to the method. */
  abstract void addInputs(Build build, List<Path> inputs)
      throws IOException, SigningException, WrongParameterException;

  /** The files from which a key is read. */
  final List<Path> files(String name, String key, Build build)
      throws IOException, SigningException, WrongParameterException {
    Optional<URI> uri = uri(name, key);
    if (uri.isEmpty()) {
      return List.of(path(name, key, build));
    }
    try {
      return providers.files(uri.get(), context(build));
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }
}
