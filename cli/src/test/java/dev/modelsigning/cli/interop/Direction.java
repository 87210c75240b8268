package dev.modelsigning.cli.interop;

/** Which of the two clients signs and which verifies. */
public enum Direction {
  JAVA_TO_PYTHON("Java signs, Python verifies"),
  PYTHON_TO_JAVA("Python signs, Java verifies");

  private final String description;

  Direction(String description) {
    this.description = description;
  }

  public Client signer() {
    return this == JAVA_TO_PYTHON ? Client.java() : Client.python();
  }

  public Client verifier() {
    return this == JAVA_TO_PYTHON ? Client.python() : Client.java();
  }

  @Override
  public String toString() {
    return description;
  }
}
