; The agent for Windows, per machine, for whoever rolls out .exe installers:
;
;     makensis -DVERSION=0.1.0 -DBINARIES=DIR -DOUT=FILE.exe [-DSIGN=COMMAND] workpulse.nsi
;     workpulse-agent-0.1.0.exe /S /SERVER_URL=https://time.example.org /ENROLLMENT_TOKEN=wpe_… /AUTOSTART=1 /NOUI=0
;
; The same properties as the MSI's. Nothing of a customer's is inside. An installation over an
; older one replaces the programs; what people recorded is in their own profiles, and stays.
Unicode true
!include "FileFunc.nsh"
!include "LogicLib.nsh"

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\WorkPulse"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"

Name "WorkPulse"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\WorkPulse"
RequestExecutionLevel admin
SetCompressor /SOLID lzma
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "WorkPulse"
VIAddVersionKey "FileDescription" "WorkPulse agent"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "the WorkPulse authors"

; Called with the file; signs it in place.
!ifdef SIGN
  !finalize '${SIGN} "%1"'
  !uninstfinalize '${SIGN} "%1"'
!endif

Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Var ServerUrl
Var Token
Var AutoStart
Var NoUi

Section
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/SERVER_URL=" $ServerUrl
  ${GetOptions} $0 "/ENROLLMENT_TOKEN=" $Token
  ${GetOptions} $0 "/AUTOSTART=" $AutoStart
  ${GetOptions} $0 "/NOUI=" $NoUi
  ClearErrors

  SetRegView 64
  SetShellVarContext all
  SetOutPath "$INSTDIR"
  ; A running program cannot be overwritten. Asked to end, an agent closes its session.
  nsExec::Exec 'taskkill /IM workpulse-window.exe'
  nsExec::Exec 'taskkill /IM workpulse-tray.exe'
  nsExec::Exec 'taskkill /IM workpulse-agent.exe'
  File "${BINARIES}/workpulse-agent.exe"
  File "${BINARIES}/workpulse-tray.exe"
  File "${BINARIES}/workpulse-window.exe"

  DeleteRegValue HKLM "${RUN}" "WorkPulse"
  DeleteRegValue HKLM "${RUN}" "WorkPulse enrolment"
  ${If} $AutoStart != "0"
    ${If} $NoUi == "1"
      WriteRegStr HKLM "${RUN}" "WorkPulse" '"$INSTDIR\workpulse-agent.exe" run'
    ${Else}
      WriteRegStr HKLM "${RUN}" "WorkPulse" '"$INSTDIR\workpulse-tray.exe" --minimized'
    ${EndIf}
  ${EndIf}

  ; $APPDATA of all users is C:\ProgramData.
  CreateDirectory "$APPDATA\WorkPulse"
  ${If} $ServerUrl != ""
  ${AndIf} $Token != ""
    FileOpen $1 "$APPDATA\WorkPulse\enrolment.toml" w
    FileWrite $1 'server = "$ServerUrl"$\r$\n'
    FileWrite $1 'token = "$Token"$\r$\n'
    FileClose $1
  ${EndIf}
  ${If} ${FileExists} "$APPDATA\WorkPulse\enrolment.toml"
    WriteRegStr HKLM "${RUN}" "WorkPulse enrolment" '"$INSTDIR\workpulse-agent.exe" enrol --managed'
  ${EndIf}

  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKLM "${KEY}" "DisplayName" "WorkPulse"
  WriteRegStr HKLM "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${KEY}" "Publisher" "WorkPulse"
  WriteRegStr HKLM "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${KEY}" "NoModify" 1
SectionEnd

Section "Uninstall"
  SetRegView 64
  SetShellVarContext all
  nsExec::Exec 'taskkill /IM workpulse-window.exe'
  nsExec::Exec 'taskkill /IM workpulse-tray.exe'
  nsExec::Exec 'taskkill /IM workpulse-agent.exe'
  DeleteRegValue HKLM "${RUN}" "WorkPulse"
  DeleteRegValue HKLM "${RUN}" "WorkPulse enrolment"
  DeleteRegKey HKLM "${KEY}"
  Delete "$INSTDIR\workpulse-agent.exe"
  Delete "$INSTDIR\workpulse-tray.exe"
  Delete "$INSTDIR\workpulse-window.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  ; The token goes; what people recorded stays in their profiles.
  Delete "$APPDATA\WorkPulse\enrolment.toml"
  RMDir "$APPDATA\WorkPulse"
SectionEnd
