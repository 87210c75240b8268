package org.example;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProvider;
import dev.modelsigning.signingkey.SignatureScheme;
import dev.modelsigning.signingkey.SigningKey;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A third-party provider, whose key {@code acme:FAULT} has the fault in its name. */
public class AcmeKeys implements KeyProvider {

  private static final KeyPair PAIR = newPair();
  private static final KeyPair OTHER = newPair();

  private static KeyPair newPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(EcdsaScheme.P256.parameters());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Set<String> uriSchemes() {
    return Set.of("acme");
  }

  @Override
  public SigningKey open(URI key, KeyContext context) throws SigningException {
    return switch (key.getSchemeSpecificPart()) {
      case "null" -> null;
      case "throws" -> throw new IllegalStateException("broken");
      case "error" -> throw new NoClassDefFoundError("org/acme/Missing");
      case "refuses" -> throw new SigningException("no such key");
      default -> new Key(key.getSchemeSpecificPart());
    };
  }

  @Override
  public PublicKey publicKey(URI key, KeyContext context) {
    return switch (key.getSchemeSpecificPart()) {
      case "null" -> null;
      case "throws" -> throw new IllegalStateException("broken");
      default -> PAIR.getPublic();
    };
  }

  private record Key(String fault) implements SigningKey {

    @Override
    public SignatureScheme scheme() {
      return fault.equals("no-scheme") ? null : EcdsaScheme.P256;
    }

    @Override
    public Optional<PublicKey> publicKey() {
      return switch (fault) {
        case "no-optional" -> null;
        case "no-public-key" -> Optional.empty();
        case "public-key-throws" -> throw new IllegalStateException("broken");
        case "other-public-key" -> Optional.of(OTHER.getPublic());
        default -> Optional.of(PAIR.getPublic());
      };
    }

    @Override
    public List<X509Certificate> certificates() {
      return fault.equals("no-certificates") ? null : List.of();
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
      try {
        return switch (fault) {
          case "no-signature" -> null;
          case "sign-throws" -> throw new IllegalStateException("broken");
          case "other-key" -> EcdsaScheme.P256.sign(OTHER.getPrivate(), message);
          case "rubbish" -> Bytes.of(new byte[] {1, 2, 3});
          default -> EcdsaScheme.P256.sign(PAIR.getPrivate(), message);
        };
      } catch (GeneralSecurityException e) {
        throw new SigningException("", e);
      }
    }

    @Override
    public void close() {
      if (fault.equals("close-throws")) {
        throw new IllegalStateException("broken");
      }
    }
  }
}
