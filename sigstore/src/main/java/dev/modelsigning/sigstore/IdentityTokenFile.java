package dev.modelsigning.sigstore;

import dev.modelsigning.internal.file.ByteOrderMark;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.Path;

/** Reads an identity token from a file with nothing else in it. */
final class IdentityTokenFile {

  private IdentityTokenFile() {}

  static IdentityToken read(Path file) throws IOException, SigningException {
    String text = ByteOrderMark.text(file, SmallFile.read(file, FileKind.IDENTITY_TOKEN));
    try {
      return IdentityToken.parse(text);
    } catch (SigningException e) {
      throw new SigningException(file + ": " + e.getMessage(), e);
    }
  }
}
