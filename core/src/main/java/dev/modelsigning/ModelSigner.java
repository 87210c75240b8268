package dev.modelsigning;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.BundleFile;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Signs models: enumerates and hashes the files, writes the digests into a statement, and has the
 * statement signed (OMS 6). Signers are immutable and may be used by several threads if their
 * {@link PayloadSigner} may.
 *
 * <pre>{@code
 * Bundle bundle = ModelSigner.using(KeySigner.load(Path.of("key.pem"))).sign(Path.of("my-model"));
 * bundle.write(Path.of("model.sig"));
 * }</pre>
 */
public final class ModelSigner {

  private static final int OTHER_CONTENT = 16 * 1024;

  private final PayloadSigner signer;
  private final ModelHasher hasher;

  private ModelSigner(PayloadSigner signer, ModelHasher hasher) {
    this.signer = signer;
    this.hasher = hasher;
  }

  /** Returns a signer of models that hashes with the default settings. */
  public static ModelSigner using(PayloadSigner signer) {
    return new ModelSigner(signer, ModelHasher.withDefaults());
  }

  /** Returns a copy of this signer that hashes with these settings. */
  public ModelSigner withHasher(ModelHasher other) {
    return new ModelSigner(signer, other);
  }

  /**
   * Signs a model.
   *
   * @param model its directory or file
   * @return the bundle, to be {@linkplain Bundle#write(Path) written} to a place outside the model
   * @throws IOException if the model cannot be read or contains something that cannot be signed
   * @throws SigningException if the signature cannot be made
   */
  public Bundle sign(Path model) throws IOException, SigningException {
    return sign(DirectorySource.of(model));
  }

  /**
   * Signs a model from any source.
   *
   * @return the bundle, to be {@linkplain Bundle#write(Path) written} to a place outside the model
   * @throws IOException if the model cannot be read or contains something that cannot be signed
   * @throws SigningException if the signature cannot be made
   */
  public Bundle sign(ModelSource model) throws IOException, SigningException {
    signer.requireReady();
    return sign(hasher.hash(model)).bundle();
  }

  /**
   * Signs a model and writes the bundle, which may lie in the model's directory and is then left
   * out of the manifest (OMS 6.2). Nothing is written unless everything succeeds. Whether the
   * bundle can be written is checked before the model is hashed, and space is reserved for it
   * before the statement is signed.
   *
   * @param model its directory or file
   * @param signature the bundle's file; an existing bundle is replaced
   * @return what was signed, and by whom
   * @throws IOException if the model cannot be read or contains something that cannot be signed, or
   *     the bundle cannot be written
   * @throws SigningException if the signature cannot be made, or would replace a file of the model
   */
  public SignedModel sign(Path model, Path signature) throws IOException, SigningException {
    requireOtherFile(model, signature);
    return sign(DirectorySource.of(model), signature);
  }

  private static void requireOtherFile(Path model, Path signature)
      throws IOException, SigningException {
    if (Files.isRegularFile(signature, LinkOption.NOFOLLOW_LINKS)
        && Files.isSameFile(model, signature)) {
      requireReplaceable(signature, PART);
      throw new SigningException(
          "model and signature are the same file, " + signature + "; choose another place for it");
    }
  }

  /**
   * Signs a model from any source and writes the bundle, which is left out of the manifest if it
   * lies in the model (OMS 6.2). Nothing is written unless everything succeeds.
   *
   * @param model where the model is
   * @param signature the bundle's file; an existing bundle is replaced
   * @return what was signed, and by whom
   * @throws IOException if the model cannot be read or contains something that cannot be signed, or
   *     the bundle cannot be written
   * @throws SigningException if the signature cannot be made, or would replace a file of the model
   */
  public SignedModel sign(ModelSource model, Path signature) throws IOException, SigningException {
    if (Files.isRegularFile(signature, LinkOption.NOFOLLOW_LINKS)
        && model.nameOf(signature).isPresent()) {
      requireReplaceable(signature, PART);
    }
    BundleFile.requireWritable(signature);
    signer.requireReady();
    HashedModel hashed = hasher.hash(model, signature);
    // Closed again before the model is hashed: the reserved file may lie in the model and would be
    // hashed with it.
    try (BundleFile place = BundleFile.reserve(signature, leastSize(hashed.manifest()))) {
      SignedPayload signed = sign(hashed);
      place.write(signed.bundle());
      return new SignedModel(hashed, signed);
    }
  }

  /**
   * Signs a model with two keys: hashes it once, has the same payload signed twice, and writes both
   * bundles, which may lie in the model and are then left out of the manifest. Either both are
   * written or none; only a program that is killed between the two leaves the other one, which is
   * written first, alone.
   *
   * @param model its directory or file
   * @param signature the file of this signer's bundle; an existing bundle is replaced
   * @param other the other signer
   * @param otherSignature the file of the other signer's bundle; an existing bundle is replaced
   * @return what was signed, and by whom
   * @throws IOException if the model cannot be read or contains something that cannot be signed, or
   *     a bundle cannot be written
   * @throws SigningException if a signature cannot be made, or would replace a file of the model or
   *     the other one
   */
  public SignedTwice sign(Path model, Path signature, PayloadSigner other, Path otherSignature)
      throws IOException, SigningException {
    DirectorySource source = DirectorySource.of(model);
    List<Path> files = List.of(signature, otherSignature);
    for (Path file : files) {
      requireOtherFile(model, file);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && source.nameOf(file).isPresent()) {
        requireReplaceable(file, PART);
      }
      BundleFile.requireWritable(file);
    }
    // Its name may be one that nobody typed, so only another signature is replaced.
    if (Files.isRegularFile(otherSignature, LinkOption.NOFOLLOW_LINKS)) {
      requireReplaceable(otherSignature, "not a signature");
    }
    if (signature.toAbsolutePath().normalize().equals(otherSignature.toAbsolutePath().normalize())
        || (Files.exists(signature)
            && Files.exists(otherSignature)
            && Files.isSameFile(signature, otherSignature))) {
      throw new SigningException(
          "both signatures would be the same file, "
              + signature
              + "; choose another place for one");
    }
    signer.requireReady();
    other.requireReady();
    HashedModel hashed = hasher.hashBeside(files, source);
    Payload payload = Statement.about(hashed).toPayload();
    long least = leastSize(hashed.manifest());
    try (BundleFile place = BundleFile.reserve(signature, least);
        BundleFile otherPlace = BundleFile.reserve(otherSignature, least)) {
      SignedPayload signed = signer.sign(payload);
      requireReadable(signed);
      SignedPayload also = other.sign(payload);
      requireReadable(also);
      // The other one first: until this signer's is there, nothing has changed for most verifiers.
      BundleFile.writeBoth(otherPlace, also.bundle(), place, signed.bundle());
      return new SignedTwice(new SignedModel(hashed, signed), also);
    }
  }

  /**
   * Signs a model from any source, and further payloads in the same session: with one sign-in, one
   * certificate, one PIN.
   *
   * @param model where the model is
   * @param others the other payloads
   * @return the model's signature, and those of the others in their order
   * @throws IOException if the model cannot be read or contains something that cannot be signed
   * @throws SigningException if a signature cannot be made
   */
  public SignedTogether sign(ModelSource model, List<Payload> others)
      throws IOException, SigningException {
    signer.requireReady();
    HashedModel hashed = hasher.hash(model);
    List<Payload> payloads = new ArrayList<>();
    payloads.add(Statement.about(hashed).toPayload());
    payloads.addAll(others);
    List<SignedPayload> signed = signer.sign(payloads);
    requireReadable(signed.get(0));
    return new SignedTogether(
        new SignedModel(hashed, signed.get(0)), signed.subList(1, signed.size()));
  }

  /** A lower bound for the size of a bundle with this manifest, in bytes. */
  private static long leastSize(Manifest manifest) {
    // The payload in Base64, plus a certificate, time stamps and log entries.
    return manifest.textLength() * 4 / 3 + OTHER_CONTENT;
  }

  private SignedPayload sign(HashedModel hashed) throws IOException, SigningException {
    SignedPayload signed = signer.sign(Statement.about(hashed).toPayload());
    requireReadable(signed);
    return signed;
  }

  private static void requireReadable(SignedPayload signed) throws SigningException {
    if (signed.bundle().toJson().length() > Bundle.MAX_SIZE) {
      throw new SigningException(
          "the bundle would be larger than "
              + Bundle.MAX_SIZE
              + " bytes, which no verifier reads; use larger shards, or ignore files");
    }
  }

  private static final String PART = "part of the model and not a signature";

  /**
   * Refuses to overwrite a file that is no signature.
   *
   * @param what what it is then
   */
  private static void requireReplaceable(Path signature, String what)
      throws IOException, SigningException {
    try {
      Bundle.read(signature);
    } catch (MalformedBundleException e) {
      throw new SigningException(
          "the signature would replace "
              + signature
              + ", which is "
              + what
              + "; choose another place for it",
          e);
    }
  }
}
