@echo off
rem Loa on Windows, beside the Makefile:  loa.cmd setup   loa.cmd run   loa.cmd boot   loa.cmd noboot
rem Everything is made in .venv, and what Loa keeps lies in var; nothing is installed on the machine.
setlocal
cd /d "%~dp0"
set "PYTHONUTF8=1"
if not defined PYTHON set "PYTHON=py -3"
if "%~1"=="setup" goto setup
if "%~1"=="run" goto run
if "%~1"=="boot" goto boot
if "%~1"=="noboot" goto noboot
echo loa.cmd setup   makes .venv with all that Loa needs
echo loa.cmd run     starts Loa at http://127.0.0.1:8000
echo loa.cmd boot    starts Loa whenever this machine starts (as administrator)
echo loa.cmd noboot  ends that
exit /b 1

:setup
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))"
if errorlevel 1 echo Loa needs Python 3.11 or newer from python.org; set PYTHON=py -3.12, say.& exit /b 1
if not exist .venv\Scripts\python.exe %PYTHON% -m venv .venv
if errorlevel 1 exit /b 1
.venv\Scripts\python.exe -m pip install --quiet --disable-pip-version-check -c constraints.txt setuptools -e .
exit /b %errorlevel%

:run
if not exist .venv\Scripts\loa.exe call "%~f0" setup
if errorlevel 1 exit /b 1
.venv\Scripts\loa.exe serve
exit /b %errorlevel%

:boot
schtasks /Create /F /TN Loa /SC ONSTART /RU SYSTEM /TR "\"%~f0\" run"
exit /b %errorlevel%

:noboot
schtasks /Delete /F /TN Loa
exit /b %errorlevel%
