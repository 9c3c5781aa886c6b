/** A password, with its show button in the tab order and its error announced, which the library's is not. */
import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import type { Ref } from "react";
import { text } from "../text/en";

export function PasswordField(props: PasswordInputProps & { ref?: Ref<HTMLInputElement> }) {
  return (
    <PasswordInput
      {...props}
      aria-invalid={props.error ? true : undefined}
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ "aria-label": text.showPassword }}
    />
  );
}
