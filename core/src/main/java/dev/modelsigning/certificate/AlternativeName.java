package dev.modelsigning.certificate;

import dev.modelsigning.signing.SubjectName;
import java.util.Arrays;
import java.util.Optional;

/**
 * A subject alternative name of a certificate (RFC 5280 4.2.1.6).
 *
 * @param type the type of the name
 * @param value the name
 */
record AlternativeName(Type type, String value) {

  /** The types of names that identify signers. */
  enum Type {
    EMAIL(1, SubjectName.Kind.EMAIL),
    HOST(2, SubjectName.Kind.HOST),
    URI(6, SubjectName.Kind.URI);

    private final int tag;
    private final SubjectName.Kind kind;

    Type(int tag, SubjectName.Kind kind) {
      this.tag = tag;
      this.kind = kind;
    }

    /** Returns the type with this tag of {@code GeneralName}; empty for other tags. */
    static Optional<Type> of(int tag) {
      return Arrays.stream(values()).filter(type -> type.tag == tag).findFirst();
    }

    /** The type of name that a text looks like. */
    static Type asWritten(String text) {
      if (text.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
        return URI;
      }
      return text.indexOf('@') < 0 ? HOST : EMAIL;
    }
  }

  /** The same name as it appears in verdicts. */
  SubjectName asSubjectName() {
    return new SubjectName(type.kind, value);
  }

  /** Whether the value cannot be mistaken for a name of another type. */
  boolean looksLikeItsType() {
    // With an equals sign it could be mistaken for a distinguished name.
    return Type.asWritten(value) == type && (type == Type.URI || value.indexOf('=') < 0);
  }
}
